"""What a kill campaign will do, from its seed alone: which kill comes when, and where."""
import random
from dataclasses import dataclass

POLICIES = ("reject_1002", "repeat_first_answer", "silent", "process_again")
RANDOM = "random"
ROUNDS_A_STOP = 10  # of so many rounds the second one lies in a stop of the authority

# Up to how many passes of the armed failpoint are waited for: per message, per batch, or seldom.
PASSES = {"accept": 40, "deliver": 40, "acknowledge": 40, "flush": 30, "witness": 30, "receive": 4, "own_999": 3,
          "attempt": 3, "send": 3, "settle": 3, "change": 2}


@dataclass(frozen=True)
class Kill:
    number: int       # from 1
    where: str        # a failpoint, or RANDOM
    count: int        # which pass, once armed
    delay: float      # RANDOM: seconds of real time under load
    rest: int         # seconds of virtual time between the receipts and the armed part
    down: int         # seconds of virtual time that pass before the gateway starts again
    again: float      # seconds of real time after which the starting gateway is killed too; 0: it is not
    in_stop: bool     # while the authority is closed; always at any moment: not all failpoints are passed then


def failpoint_share(kills):
    """How many of the kills are at failpoints."""
    return kills * 6 // 10


def failpoints_of(seed, policy, kills, names):
    """The policies go through one shuffled list, each from where the one before it ended."""
    shuffled = sorted(names)
    random.Random(f"{seed}/failpoints").shuffle(shuffled)
    share = failpoint_share(kills)
    first = POLICIES.index(policy) * share
    return [shuffled[(first + i) % len(shuffled)] for i in range(share)]


def plan(seed, policy, kills, names):
    dice = random.Random(f"{seed}/{policy}")
    wheres = failpoints_of(seed, policy, kills, names)
    stops = range(1, kills, ROUNDS_A_STOP)
    wheres += [RANDOM] * (kills - len(wheres) - len(stops))
    dice.shuffle(wheres)
    for second in stops:
        wheres.insert(second, RANDOM)
    return [one(dice, number, where, number % ROUNDS_A_STOP == 2) for number, where in enumerate(wheres, 1)]


def one(dice, number, where, in_stop):
    most = PASSES.get(where.split(".")[0], 1)
    rest = dice.randrange(0, 900) if dice.random() < 0.4 else 0
    down = dice.randrange(1, 600) if dice.random() < 0.4 else 0
    again = dice.uniform(0.02, 0.5) if dice.random() < 0.25 else 0.0
    return Kill(number, where, dice.randint(1, most), dice.uniform(0.0, 0.6), 0 if in_stop else rest,
                min(down, 60) if in_stop else down, again, in_stop)
