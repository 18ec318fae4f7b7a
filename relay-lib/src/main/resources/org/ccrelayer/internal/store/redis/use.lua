-- What counts against a key's limits: exchanges that run, reserved, window's requests, tokens and cost, spent in the day,
-- altogether and in the week, and how many requests a budget in shadow mode would have refused.
local at = moment(ARGV[1])
local length, ask = tonumber(ARGV[2]), budgets_asked(3)
local window = length > 0 and window_at(at, length) or {requests = 0, tokens = 0, cost = 0}
return {
  whole(running(at, 0)), whole(reserved_altogether()),
  whole(window.requests), whole(window.tokens), whole(window.cost),
  whole(spent_in('day', day_at(at, ask.zone), DAY, 'all', false) + day_there(at, ask)),
  whole(spent_altogether() + total_there()),
  whole(spent_in('week', week_at(at, ask.zone, ask.shift), WEEK, ask.scope, false) + week_there(at, ask, false)),
  redis.call('HGET', BOOK, 'shadowed') or '0'
}
