"""What the providers of a night submit: signed samples, made beforehand by tvanctl, phase by phase."""
import os

from provider import Document

PARTIES = {"acme": ("0100000011", ("0101234501", "0101234502", "0101234503")),
           "beta": ("0100000022", ("0202345601", "0202345602", "0202345603")),
           "gamma": ("0100000033", ("0303456701",))}


class Traffic:
    """Makes documents with invoice numbers and MTDieps that never repeat within a night."""

    def __init__(self, sandbox, folder, seed):
        self.sandbox, self.folder, self.seed = sandbox, folder, seed
        self.numbers = {}

    def make(self, provider, message_type, when, count=1, repeat=1, *flags):
        seller = PARTIES[provider][1][message_type % 3 if provider != "gamma" else 0]
        return self.make_for(provider, seller, message_type, when, count, repeat, *flags)

    def make_for(self, provider, seller, message_type, when, count=1, repeat=1, *flags):
        key = (seller, message_type)
        number = self.numbers.get(key, 1)
        if "--number" not in flags:
            flags += ("--number", str(number))
            self.numbers[key] = number + count * repeat
        out = os.path.join(self.folder, provider)
        done = self.sandbox.ctl("dev", "make", "--sandbox", self.sandbox.folder, "--sign", "--provider", provider,
                                "--seller", seller, "--type", str(message_type), "--count", str(count),
                                "--repeat", str(repeat), "--time", when, "--mtdiep-seed", f"night-{self.seed}",
                                "--out", out, *flags)
        return [line for line in done.split("\n") if line]

    def phase(self, provider, when, size):
        """A mixed batch of `size` of each: 200, 203 with two invoices, 206 with three; a 300 that names a 203 of it; a
        bare HDon; a 203 with extra namespaces on TDiep."""
        documents = []
        for message_type, count in ((200, 1), (203, 2), (206, 3)):
            documents += [Document.read(f) for f in self.make(provider, message_type, when, count, size)]
        named = self.numbers[PARTIES[provider][1][203 % 3], 203] - 1
        # The notice is signed by the seller of that 203; its wait for it is what "order by dependency" means.
        documents += [Document.read(f) for f in self.make_for(
            provider, PARTIES[provider][1][203 % 3], 300, when, 1, 1, "--number", str(named))]
        bare, = self.make(provider, 203, when, 1, 1, "--bare")
        documents.append(Document.read(bare, reference=f"{provider}-{os.path.basename(bare)[:-4]}"))
        documents += [Document.read(f) for f in self.make(provider, 203, when, 1, 1, "--extra-namespaces")]
        return documents
