"""What runs inside the engine, each script whole or not at all.

Of a tenant there are four keys, in one slot of a cluster. `head` is a hash: `version` and `id` of the last change
set, `stands`, the version of the snapshot, and `gone`, the version at which the tenant was last gone. `log` is a stream
whose entries are named by version; `snapshot` is a body; `ids` has the last change sets' ids by version.

Each begins with `#!lua`, so that a replica refuses it: what a replica knows may be old.
"""

from __future__ import annotations

from hashlib import sha1
from typing import NamedTuple


class Script(NamedTuple):
    """A script and the name that an engine knows it by once it has run."""

    text: str
    sha: str


def make_script(text: str) -> Script:
    """Return a script with its name."""
    return Script(text, sha1(text.encode(), usedforsecurity=False).hexdigest())


# A failover may lose what was answered; then a version stands for something else. `known` is the id that the copy of
# that version was made with, and '' where that is not known.
_COMMON = """
local head, log, snapshot, ids = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local facts = redis.call('HMGET', head, 'version', 'id', 'stands', 'gone')
local version, last = tonumber(facts[1] or '0'), facts[2] or ''
local stands, gone = tonumber(facts[3] or '0'), tonumber(facts[4] or '0')

local function name(at)
  return string.format('%.0f-0', at)
end

local function is_other(at, known)
  if known == '' then return false end
  if at == version then return known ~= last end
  return tonumber(redis.call('ZSCORE', ids, known) or '0') ~= at
end
"""

SINCE = make_script(
    "#!lua flags=allow-oom"
    + _COMMON
    + """
local copy, known = tonumber(ARGV[1]), ARGV[2]
local answer = {version, last, copy, false}
local is_new = copy == 0 and stands > 0
local is_lost = is_new or copy > version or copy < gone or is_other(copy, known)
local entries = {}
if not is_lost and copy < version then
  entries = redis.call('XRANGE', log, name(copy + 1), '+')
  is_lost = entries[1] == nil or entries[1][1] ~= name(copy + 1)
end
if is_lost then
  answer[3], answer[4] = stands, redis.call('GET', snapshot) or ''
  entries = redis.call('XRANGE', log, name(stands + 1), '+')
end
for _, entry in ipairs(entries) do answer[#answer + 1] = entry[2][2] end
return answer
"""
)

APPEND = make_script(
    "#!lua"
    + _COMMON
    + """
local expected, known, tail, forget = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
local first, id = 5, ARGV[#ARGV - 1]

if redis.call('ZSCORE', ids, id) then
  -- All are there, since they came together. A write, so that WAIT waits for replicas to have all before it.
  redis.call('HSET', head, 'version', facts[1])
  return 1
end
if version ~= expected or is_other(expected, known) then return 0 end
local was_gone = gone == expected

for i = first, #ARGV, 2 do
  version = version + 1
  redis.call('ZADD', ids, version, ARGV[i])
  if ARGV[i + 1] == '' then
    gone = version
    redis.call('DEL', log, snapshot)
    redis.call('HSET', head, 'gone', gone, 'stands', gone)
  else
    redis.call('XADD', log, name(version), 'body', ARGV[i + 1])
  end
end
redis.call('HSET', head, 'version', string.format('%.0f', version), 'id', id)
redis.call('ZREMRANGEBYSCORE', ids, '-inf', version - tail)
if gone == version then
  -- For whoever asks whether his change set came through. A copy of who is forgotten is known to be old by its id.
  redis.call('EXPIRE', ids, forget)
  redis.call('EXPIRE', head, forget)
elseif was_gone then
  redis.call('PERSIST', ids)
  redis.call('PERSIST', head)
end
return 1
"""
)

SNAPSHOT = make_script(
    "#!lua"
    + _COMMON
    + """
local at, known, tail, body = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
if at <= stands or at > version or is_other(at, known) then return 0 end
redis.call('SET', snapshot, body)
redis.call('HSET', head, 'stands', ARGV[1])
redis.call('XTRIM', log, 'MINID', name(math.max(0, math.min(at, version - tail)) + 1))
return 1
"""
)

# -1 for what was forgotten, or is yet to be appended.
IS_THERE = make_script(
    "#!lua flags=allow-oom"
    + _COMMON
    + """
if facts[1] == false then return -1 end
return (version > stands or redis.call('EXISTS', snapshot) == 1) and 1 or 0
"""
)
