"""What of a board runs inside the engine, each script whole or not at all.

All keys of a board are in one slot of a cluster. `meta` is a hash: `last`, the number given last, `dropped`, and the
bytes of bodies in `journal` and in `bodies`. `journal` is a stream whose entries are named by number. A tenant's last
entries are in the hash `bodies`, under names that the sorted set `names` has in order, so that those of a tenant are a
range of it; `quiet` has the tenants by the number of their last entry. `servers` has the servers that live, by when
they will count as dead; `asks` is a stream of requests to flush.
"""

from __future__ import annotations

from ...logs.redis.scripts import make_script

KEPT = ("meta", "journal", "names", "bodies", "quiet")
"""Keys of what is kept, in the order in which the scripts take them."""

# A tenant's name holds no \0, and so many digits suffice for any number.
_OF_TENANTS = """
local meta, journal, names, bodies, quiet = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local function range(tenant)
  return '[' .. tenant .. '\\0', '(' .. tenant .. '\\1'
end

local function drop(some)
  local size = 0
  for _, name in ipairs(some) do size = size + redis.call('HSTRLEN', bodies, name) end
  if #some > 0 then
    redis.call('HDEL', bodies, unpack(some))
    redis.call('ZREM', names, unpack(some))
  end
  return size
end

local function drop_tenant(tenant)
  redis.call('ZREM', quiet, tenant)
  return drop(redis.call('ZRANGEBYLEX', names, range(tenant)))
end
"""

ADD = make_script(
    "#!lua"
    + _OF_TENANTS
    + """
local decided, added = KEYS[6], KEYS[7]
local number, forget, dropped_before = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local most, most_bytes, most_of_tenant = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local first, behind = 8, 8 + 2 * tonumber(ARGV[7])

-- The server does not know whether it was heard.
if tonumber(redis.call('GET', added) or '0') >= number then return 0 end
redis.call('SET', added, number, 'EX', forget)

local facts = redis.call('HMGET', meta, 'last', 'bytes', 'tenant_bytes', 'dropped')
local last, bytes = tonumber(facts[1] or '0'), tonumber(facts[2] or '0')
local tenant_bytes, dropped = tonumber(facts[3] or '0'), tonumber(facts[4] or '0') + dropped_before

local of_tenants = {}
for i = first, behind - 1, 2 do
  local tenant, body = ARGV[i], ARGV[i + 1]
  last = last + 1
  redis.call('XADD', journal, string.format('%.0f-0', last), 'body', body)
  bytes = bytes + #body
  if tenant ~= '' then
    of_tenants[tenant] = of_tenants[tenant] or {}
    table.insert(of_tenants[tenant], {number = last, body = body})
  end
end

local function keep_for_tenant(tenant, entries)
  local ordered, stored, newest = {}, {}, entries[#entries].number
  for i = math.max(1, #entries - most_of_tenant + 1), #entries do
    local name, body = string.format('%s\\0%016.0f', tenant, entries[i].number), entries[i].body
    table.insert(ordered, 0)
    table.insert(ordered, name)
    table.insert(stored, name)
    table.insert(stored, body)
    tenant_bytes = tenant_bytes + #body
  end
  redis.call('ZADD', names, unpack(ordered))
  redis.call('HSET', bodies, unpack(stored))
  redis.call('ZADD', quiet, newest, tenant)
  local from, to = range(tenant)
  local more = redis.call('ZLEXCOUNT', names, from, to) - most_of_tenant
  if more > 0 then tenant_bytes = tenant_bytes - drop(redis.call('ZRANGEBYLEX', names, from, to, 'LIMIT', 0, more)) end
end

for tenant, entries in pairs(of_tenants) do keep_for_tenant(tenant, entries) end
-- Never the tenant that has asked last.
while tenant_bytes > most_bytes and redis.call('ZCARD', quiet) > 1 do
  tenant_bytes = tenant_bytes - drop_tenant(redis.call('ZRANGE', quiet, 0, 0)[1])
end

local length = redis.call('XLEN', journal)
local function make_room(many)
  local oldest = redis.call('XRANGE', journal, '-', '+', 'COUNT', many)
  for _, entry in ipairs(oldest) do
    redis.call('XDEL', journal, entry[1])
    bytes, length, dropped = bytes - #entry[2][2], length - 1, dropped + 1
  end
end
if length > most then make_room(length - most) end
while bytes > most_bytes and length > 0 do make_room(1) end

for i = behind, #ARGV, 2 do redis.call('HINCRBY', decided, ARGV[i], ARGV[i + 1]) end
redis.call('HSET', meta, 'last', string.format('%.0f', last), 'bytes', string.format('%.0f', bytes),
           'tenant_bytes', string.format('%.0f', tenant_bytes), 'dropped', string.format('%.0f', dropped))
return 1
"""
)

OF_TENANT = make_script(
    "#!lua flags=allow-oom"
    + _OF_TENANTS
    + """
local answer = {}
for _, name in ipairs(redis.call('ZRANGEBYLEX', names, range(ARGV[1]))) do
  answer[#answer + 1] = string.match(name, '%d+$')
  answer[#answer + 1] = redis.call('HGET', bodies, name)
end
return answer
"""
)

CLEAR = make_script(
    "#!lua flags=allow-oom"
    + _OF_TENANTS
    + """
if ARGV[1] ~= '' then
  redis.call('HINCRBY', meta, 'tenant_bytes', -drop_tenant(ARGV[1]))
else
  redis.call('DEL', journal, names, bodies, quiet)
  redis.call('HSET', meta, 'bytes', 0, 'tenant_bytes', 0, 'dropped', 0)
end
return 1
"""
)

_OF_SERVERS = """
local servers, me, life = KEYS[1], ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

ALIVE = make_script(
    "#!lua flags=allow-oom"
    + _OF_SERVERS
    + """
redis.call('ZADD', servers, now + life, me)
for i = 2, #KEYS do
  redis.call('RPUSH', KEYS[i], me)
  redis.call('PEXPIRE', KEYS[i], life)
end
return 1
"""
)
"""Says that a server lives, and that it has flushed for those who wait at the keys behind."""

BEGIN = make_script(
    "#!lua"
    + _OF_SERVERS
    + """
redis.call('ZADD', servers, now + life, me)
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
return newest and newest[1] or '0-0'
"""
)

ASK = make_script(
    "#!lua flags=allow-oom"
    + _OF_SERVERS
    + """
redis.call('ZREMRANGEBYSCORE', servers, '-inf', now)
local others = {}
for _, server in ipairs(redis.call('ZRANGE', servers, 0, -1)) do
  if server ~= me then others[#others + 1] = server end
end
if #others > 0 then redis.call('XADD', KEYS[2], 'MAXLEN', '~', 100, '*', 'answer', ARGV[3], 'from', me) end
return others
"""
)
