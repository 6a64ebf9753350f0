#!lua name=tvan1
-- What happens in one step inside Redis, for all gateways of one store. The rules of messages are not here: these read
-- what a gateway asks for, let gateways write one after another, and apply what one of them decided, all or nothing.
-- KEYS.md says what the keys are. The first key of every call is tvan:{NAME}:turn; the others begin as it does.
-- A newer revision serves the programs of the older ones; what cannot is another library (tvan2).
local revision = 1

local most_arguments = 3900       -- in one redis.call: Lua's stack takes 8000
local most_scanned = 1024 * 1024  -- bytes of one scan in one call; the rest is asked for again
local patience = 2000000          -- us; who waits for a turn asks at least four times as often

local function base_of(keys) return string.sub(keys[1], 1, -5) end  -- without "turn"

local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function number_text(number) return string.format('%.0f', number) end

-- "g" family n key…: the values. "s" family from to n: n keys of a range at most, with their values; the first element
-- of the answer says whether there may be more of them.
local function get(base, args, at, replies)
  local count, values = tonumber(args[at + 2]), {}
  local first, last = at + 3, at + 2 + count
  for i = first, last, most_arguments do
    local some = redis.call('HMGET', base .. args[at + 1], unpack(args, i, math.min(last, i + most_arguments - 1)))
    if #values == 0 then values = some else for _, value in ipairs(some) do values[#values + 1] = value end end
  end
  replies[#replies + 1] = values
  return last + 1
end

local function scan(base, args, at, replies)
  local hash, count, bytes = base .. args[at + 1], tonumber(args[at + 4]), 0
  local found = redis.call('ZRANGE', hash .. ':order', args[at + 2], args[at + 3], 'BYLEX', 'LIMIT', 0, count)
  local entries = {#found == count and 1 or 0}
  for _, key in ipairs(found) do
    if bytes > most_scanned then
      entries[1] = 1
      break
    end
    local value = redis.call('HGET', hash, key)
    entries[#entries + 1] = key
    entries[#entries + 1] = value
    bytes = bytes + #key + (value and #value or 0)
  end
  replies[#replies + 1] = entries
  return at + 5
end

local function read(base, args, at, replies)
  replies[#replies + 1] = redis.call('HGET', base .. 'control', '.incarnation') or ''
  while at <= #args do at = (args[at] == 'g' and get or scan)(base, args, at, replies) end
  return replies
end

-- Who has waited longest of those who still ask; who does not is dropped.
local function first_waiting(base, time)
  local all, first, came = redis.call('HGETALL', base .. 'waiting'), nil, nil
  for i = 1, #all, 2 do
    local at, seen = string.match(all[i + 1], '^(%d+):(%d+)$')
    at, seen = tonumber(at), tonumber(seen)
    if time - seen > patience then
      redis.call('HDEL', base .. 'waiting', all[i])
    elseif came == nil or at < came or (at == came and all[i] < first) then
      first, came = all[i], at
    end
  end
  return first
end

local function grant(turn, base, writer, time, lease)
  redis.call('HSET', turn, 'holder', writer, 'until', number_text(time + lease))
  redis.call('HDEL', base .. 'waiting', writer)
  return redis.call('HINCRBY', turn, 'number', 1)
end

-- The turn goes to who waits longest, or stays where it is, idle: its holder goes on without asking, and anybody else
-- takes it without waiting. Answers whether it stayed.
local function pass_on(turn, base, time, lease)
  local next = first_waiting(base, time)
  if not next then
    redis.call('HSET', turn, 'until', '0')
    return 1
  end
  local number, wake = grant(turn, base, next, time, lease), base .. 'wake:' .. next
  redis.call('RPUSH', wake, number)
  redis.call('PEXPIRE', wake, 10000)
  return 0
end

local function wait(base, writer, time)
  local known = redis.call('HGET', base .. 'waiting', writer)
  local came = known and string.match(known, '^(%d+):') or number_text(time)
  redis.call('HSET', base .. 'waiting', writer, came .. ':' .. number_text(time))
end

-- The number of the turn taken; 0: another one has it.
local function take(turn, base, writer, lease)
  local time = now()
  local state = redis.call('HMGET', turn, 'holder', 'until')
  local free = not state[1] or state[1] == writer or tonumber(state[2]) < time
  if not free then
    wait(base, writer, time)
    return 0
  end
  local first = first_waiting(base, time)
  if first and first ~= writer and state[1] ~= writer then  -- its holder died: who came first is next
    wait(base, writer, time)
    pass_on(turn, base, time, lease)
    return 0
  end
  return grant(turn, base, writer, time, lease)
end

-- A turn goes on when it is still the same; its time begins anew. An idle one costs no write.
local function keep(turn, writer, number, lease)
  local state = redis.call('HMGET', turn, 'holder', 'number', 'until')
  if state[1] ~= writer or state[2] ~= number then return 0 end
  if state[3] ~= '0' then
    local time = now()
    if tonumber(state[3]) - time < lease / 2 then redis.call('HSET', turn, 'until', number_text(time + lease)) end
  end
  return tonumber(number)
end

-- writer lease number reads…; number 0: a new turn. → number (0: not now), acts, incarnation, what was read
local function turn(keys, args)
  local base, lease = base_of(keys), tonumber(args[2])
  local number = args[3] == '0' and take(keys[1], base, args[1], lease) or keep(keys[1], args[1], args[3], lease)
  if number == 0 then return {0} end
  return read(base, args, 4, {number, tonumber(redis.call('HGET', keys[1], 'acts') or 0)})
end

-- reads… → acts, incarnation, what was read. Between two looks with the same number of acts nothing was written.
local function look(keys, args)
  return read(base_of(keys), args, 1, {tonumber(redis.call('HGET', keys[1], 'acts') or 0)})
end

local function put(hash, args, at, ordered)
  local count = tonumber(args[at])
  local first, last = at + 1, at + 2 * count
  for i = first, last, most_arguments do
    redis.call('HSET', hash, unpack(args, i, math.min(last, i + most_arguments - 1)))
  end
  if not ordered then return last + 1 end
  for i = first, last, most_arguments do
    local members = {}
    for j = i, math.min(last, i + most_arguments - 1), 2 do
      members[#members + 1] = '0'
      members[#members + 1] = args[j]
    end
    redis.call('ZADD', hash .. ':order', unpack(members))
  end
  return last + 1
end

local function delete(hash, args, at, ordered)
  local count = tonumber(args[at])
  for i = at + 1, at + count, most_arguments do
    local last = math.min(at + count, i + most_arguments - 1)
    redis.call('HDEL', hash, unpack(args, i, last))
    if ordered then redis.call('ZREM', hash .. ':order', unpack(args, i, last)) end
  end
  return at + count + 1
end

-- writer lease number gateway id news, then of each family: its name, pairs of what has no order, pairs of what has, keys of
-- what goes and has none, and of what goes and has; each with its count in front. → acts, whether the turn stayed with
-- the writer; 0: the turn is another one's, and nothing was written.
local function act(keys, args)
  local key, base, lease = keys[1], base_of(keys), tonumber(args[2])
  local state = redis.call('HMGET', key, 'holder', 'number')
  if state[1] ~= args[1] or state[2] ~= args[3] then return {0} end
  local time, at = now(), 7
  while at <= #args do
    local hash = base .. args[at]
    at = put(hash, args, at + 1, false)
    at = put(hash, args, at, true)
    at = delete(hash, args, at, false)
    at = delete(hash, args, at, true)
  end
  redis.call('HSET', base .. 'control', '.acted_at', number_text(time))
  redis.call('HSET', base .. 'acts', args[4], args[5])
  local acts = redis.call('HINCRBY', key, 'acts', 1)
  if args[6] ~= '' then redis.pcall('PUBLISH', base .. 'news', args[6]) end  -- who may not tell has acted nonetheless
  return {acts, pass_on(key, base, time, lease)}
end

-- writer lease number gateway: after this nothing sent under that number is applied any more. → the gateway's last act
local function finish(keys, args)
  local base = base_of(keys)
  local state = redis.call('HMGET', keys[1], 'holder', 'number')
  if state[1] == args[1] and state[2] == args[3] then
    redis.call('HINCRBY', keys[1], 'number', 1)
    pass_on(keys[1], base, now(), tonumber(args[2]))
  end
  return redis.call('HGET', base .. 'acts', args[4]) or ''
end

-- A gateway's beats: which process has its name, "process:us" in members; and whose the line is. A time that lies far
-- from now on either side is over: the clock was set.
local forgotten = 3600000000  -- us

local function beat_of(text)
  local process, last = string.match(text or '', '^(%w+):(%d+)$')
  return process, tonumber(last) or 0
end

-- gateway process lease → the number of our turn at the line (0: it is another one's; -1: another process that lives
-- has our name), incarnation
local function beat(keys, args)
  local base, time, lease = base_of(keys), now(), tonumber(args[3])
  local members, line, all = base .. 'members', base .. 'line', redis.call('HGETALL', base .. 'members')
  local incarnation = redis.call('HGET', base .. 'control', '.incarnation') or ''
  for i = 1, #all, 2 do
    local process, last = beat_of(all[i + 1])
    local silent = math.abs(time - last)
    if all[i] == args[1] and process ~= args[2] and silent < lease then return {-1, incarnation} end
    if silent > forgotten then redis.call('HDEL', members, all[i]) end
  end
  redis.call('HSET', members, args[1], args[2] .. ':' .. number_text(time))
  local state = redis.call('HMGET', line, 'process', 'until', 'turn')
  local left = (tonumber(state[2]) or 0) - time
  local held = left > 0 and left <= 2 * lease
  if held and state[1] ~= args[2] then return {0, incarnation} end
  local turn = held and tonumber(state[3]) or redis.call('HINCRBY', line, 'turn', 1)
  redis.call('HSET', line, 'holder', args[1], 'process', args[2], 'until', number_text(time + lease))
  return {turn, incarnation}
end

-- gateway process: gives line and name up, if they are still its own
local function leave(keys, args)
  local members, line = base_of(keys) .. 'members', base_of(keys) .. 'line'
  if redis.call('HGET', line, 'process') == args[2] then redis.call('HSET', line, 'until', '0') end
  if beat_of(redis.call('HGET', members, args[1])) == args[2] then redis.call('HDEL', members, args[1]) end
  return {1}
end

-- → who has the line or '', then of each member its name and us since its last beat
local function members(keys)
  local base, time = base_of(keys), now()
  local state = redis.call('HMGET', base .. 'line', 'holder', 'until')
  local reply = {(tonumber(state[2]) or 0) > time and state[1] or ''}
  local all = redis.call('HGETALL', base .. 'members')
  for i = 1, #all, 2 do
    local _, last = beat_of(all[i + 1])
    reply[#reply + 1] = all[i]
    reply[#reply + 1] = math.abs(time - last)
  end
  return reply
end

redis.register_function{function_name = 'tvan1_revision', callback = function() return revision end, flags = {'no-writes'}}
redis.register_function{function_name = 'tvan1_look', callback = look, flags = {'no-writes'}}
redis.register_function{function_name = 'tvan1_turn', callback = turn}
redis.register_function{function_name = 'tvan1_act', callback = act}
redis.register_function{function_name = 'tvan1_beat', callback = beat, flags = {'allow-oom'}}
redis.register_function{function_name = 'tvan1_leave', callback = leave, flags = {'allow-oom'}}
redis.register_function{function_name = 'tvan1_members', callback = members, flags = {'no-writes'}}
redis.register_function{function_name = 'tvan1_finish', callback = finish, flags = {'allow-oom'}}
