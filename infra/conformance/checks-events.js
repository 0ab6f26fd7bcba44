// What a member with a cache must do besides (section 8): hold a lease, receive and publish events, invalidate and acknowledge.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, known, unknown } from './checks-guest.js'
import { express, MINUTE, newId, sha256 } from './contract.js'
import { ackMac, Instance } from './events.js'
import { watch, whoAsked } from './watch.js'

/** Long enough for the next renewal of a lease, and for heartbeats. */
const A_RENEWAL = 700
const NO_USER = 'its Redis user is not known: CONFORM_REDIS_USER'

/** @return {who: its Redis user, names: its instances that hold a lease, lasts: for how many ms} */
async function instancesOf (member, stack) {
  const session = await stack.session()
  const commands = await watch(stack, async () => {
    await member.whoIs(session.cookie)
    await sleep(A_RENEWAL)
  })
  const who = whoAsked(commands, session.id)
  const renewals = commands.filter((command) => command.script === 'lease-renew' && command.who === who)
  return { who: stack.redisUser ?? who, names: [...new Set(renewals.map(({ argv }) => argv[0]))], lasts: Math.max(...renewals.map(({ argv }) => Number(argv[1]))) }
}

/** @return as Redis says it; null for nobody that Redis knows by name */
const rightsOf = (stack, user) => stack.redis.send('ACL', 'GETUSER', user).catch(() => null)

/** Takes rights of its Redis user away for a while, and waits until its instances have a lease again: what is asked next needs the fleet as it was. */
async function without (stack, who, kind, taken, names, work) {
  const rights = await rightsOf(stack, who), before = rights[rights.indexOf(kind) + 1].split(' ').filter(Boolean)
  await stack.during(() => stack.redis.send('ACL', 'SETUSER', who, ...(kind === 'channels' ? ['resetchannels'] : []), ...before), async () => {
    await stack.redis.send('ACL', 'SETUSER', who, ...taken)
    await work()
  })
  const back = Date.now()
  await leased(stack, names, 'it has its rights again, and holds no lease after a minute', MINUTE)
  return Math.round((Date.now() - back) / 1000)
}

/** Waits until each of them holds a lease. */
const leased = (stack, names, otherwise, limit) => eventually(async () => {
  for (const name of names) assert.ok(await stack.redis.send('ZSCORE', 'leases', name), otherwise)
}, limit)

/** Asks so often that each instance behind a proxy has been asked. */
const ofEach = async (names, ask) => { for (let i = 0; i < 2 * names.length + 1; i++) await ask() }

/** Skips unless the member has a cache, and the fleet's events come over Redis. */
async function withCache ({ stack, member, skip }, work) {
  const { who, names, lasts } = await instancesOf(member, stack)
  if (!names.length) return skip('it holds no lease, so it has no cache')
  return Instance.during(stack, async (us) => {
    await sleep(A_RENEWAL)
    if (!names.every((name) => us.heartbeats(name).length)) return skip('its events do not come over the Redis channel session-events: not asked')
    return work({ us, who, names, lasts, cached: (session) => ofEach(names, async () => known(await member.whoIs(session.cookie), session.user)) })
  })
}

async function acknowledgedBy (names, us, stack, event) {
  for (const name of names) {
    const answer = await us.acknowledgement(event, name)
    assert.ok(answer, 'an instance with a lease did not acknowledge the end within a second (section 8)')
    assert.equal(answer.data.mac, ackMac(stack.keys[0].key, name, event), 'the MAC of the acknowledgement is wrong (section 8)')
  }
}

export const eventChecks = [
  ['cache-needs-a-lease', 'without a lease, no session is cached', async ({ stack, member, skip }) => {
    const { names } = await instancesOf(member, stack)
    if (names.length) return skip('it holds a lease')
    for (let i = 0; i < 5; i++) {
      const session = await stack.session()
      for (let j = 0; j < 3; j++) known(await member.whoIs(session.cookie), session.user)
      await stack.end(session.id)
      unknown(await member.whoIs(session.cookie), 'it has ended in Redis, and no lease allows a cache (section 8)')
    }
  }],

  ['lease-gap', 'after a revoked lease, the cache is empty', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ names, cached }) => {
    const session = await stack.session()
    await cached(session)
    await stack.allForgotten()
    await stack.end(session.id)
    await leased(stack, names, 'the lease was not renewed again (section 8)')
    await sleep(100)
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'it ended while no lease was held: the cache was not cleared (section 8)'))
  })],

  ['event-invalidates', 'an acknowledged end is no longer in the cache', ({ stack, member, skip, say }) => withCache({ stack, member, skip }, async ({ us, names, cached }) => {
    for (let round = 0; round < 5; round++) {
      const session = await stack.session()
      await cached(session)
      await stack.end(session.id)
      // By its own hash, and now and then by that of its provider session besides.
      await acknowledgedBy(names, us, stack, await us.ended(round % 2 ? session : { id: session.id }))
      await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'its end was acknowledged, and it is still in the cache (section 8)'))
    }
    say(`5 rounds, ${names.length} instance${names.length > 1 ? 's' : ''}`)
  })],

  ['event-invalidates-siblings', 'an event removes all sessions of its provider session from the cache', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ us, names, cached }) => {
    const session = await stack.session()
    await cached(session)
    await stack.end(session.id)
    await acknowledgedBy(names, us, stack, await us.ended({ id: newId(), sid: session.sid }))
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'a session of the same providerSession is still in the cache (section 8)'))
  })],

  ['event-is-a-hint', 'an event ends nothing but makes the member ask Redis, and an unreadable one does no harm', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ us, names, cached }) => {
    const session = await stack.session()
    await cached(session)
    const commands = await watch(stack, async () => {
      await acknowledgedBy(names, us, stack, await us.ended(session))
      await cached(session)
    })
    assert.equal((await stack.fields(session.id)).state, 'live', 'an event ended a session (section 8)')
    assert.ok(whoAsked(commands, session.id), 'Redis was not asked again: the cache was not invalidated (section 8)')
    for (const text of ['', 'x', 'null', '[]', '{}', '{"specversion":"1.0"}', '{"specversion":"1.0","type":"org.acme.session.ended.v1","source":7,"id":[],"data":null}',
      JSON.stringify({ specversion: '1.0', type: 'org.acme.session.unknown.v9', source: 'urn:sso:instance:' + us.name, id: randomUUID(), data: {} })]) await us.say(text)
    await stack.end(session.id)
    await acknowledgedBy(names, us, stack, await us.ended(session))
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'after events that cannot be read it no longer invalidates (section 8)'))
  })],

  ['event-at-sign-off', 'a sign-off publishes its event and waits for the acknowledgement of each lease holder', ({ stack, member, person, skip, say }) => withCache({ stack, member, skip }, async ({ us }) => {
    const ids = new Set()
    const signOff = async (leased, onEnd) => {
      const { id, cookie } = await member.signInAs(person), { issuer, sid } = await stack.fields(id), ends = await us.lease(leased)
      us.onEvent = (event) => { if (event?.data?.session === sha256(id)) onEnd(event) }
      const began = Date.now(), answer = await member.postSignOff(cookie)
      assert.ok(answer.status < 400, `sign-off: ${answer.status}`)
      const answered = Date.now(), event = await us.endOf(id, 0)
      assert.ok(event, 'no event of the end was heard before the answer (section 7, step 3)')
      assert.deepEqual([event.specversion, event.type, event.data.reason, event.data.actor, event.data.providerSession],
        ['1.0', 'org.acme.session.ended.v1', 'signed-off', 'user', sid && sha256(issuer, sid)], 'the event (section 8)')
      assert.ok(!ids.has(event.id), 'two events have the same id (section 8)')
      ids.add(event.id)
      assert.match(event.source, /^urn:sso:instance:[\w.:-]{1,128}$/, 'its source')
      assert.ok(!JSON.stringify(event).includes(id), 'the event names the id itself')
      return { took: answered - began, early: ends - answered }
    }
    const good = await signOff(3000, (event) => us.acknowledge(event.id))
    assert.ok(good.early > 500, `it waited ${good.took} ms though the only lease of ours was acknowledged: acknowledgements do not count (section 7, step 3)`)
    const forged = await signOff(1500, (event) => us.acknowledge(event.id, ackMac(Buffer.alloc(32), us.name, event.id)))
    assert.ok(forged.early <= 20, `it answered ${forged.early} ms before the lease had run out: an acknowledgement with a wrong MAC counted (section 8)`)
    const others = await signOff(1500, (event) => us.acknowledge(event.id, ackMac(stack.keys[0].key, 'another', event.id)))
    assert.ok(others.early <= 20, `it answered ${others.early} ms before the lease had run out: the MAC of another instance counted (section 8)`)
    say(`${good.took} ms when acknowledged`)
  })],

  ['event-of-other-ends', 'a replaced session, and one whose refresh is refused, are published too', ({ stack, member, person, skip }) => withCache({ stack, member, skip }, async ({ us }) => {
    const before = await member.signInAs(person), after = await member.signInAs(person, before.browser)
    if (after.id !== before.id) {
      const event = await us.endOf(before.id, 1000)
      assert.equal(event?.data.reason, 'replaced', 'no event of the replaced session (section 6, step 3)')
    }
    const id = newId(), session = await stack.session({ id, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'not.a.token') } })
    unknown(await member.whoIs(session.cookie), 'refused')
    const event = await us.endOf(id, 1000)
    assert.deepEqual([event?.data.reason, event?.data.actor], ['refresh-refused', 'provider'], 'no event of the refused session (section 5, a refused refresh)')
  })],

  ['lease-duration', 'each instance has a name of its own, and its lease lasts a second at most', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ names, lasts }) => {
    for (const name of names) assert.ok(name.length >= 16, `the instance's name, ${name}, can be guessed, or comes again after a restart (section 8)`)
    assert.ok(lasts <= 1000, `the lease lasts ${lasts} ms: a sign-off elsewhere waits that long (section 8)`)
  })],

  ['lease-expiry', 'while the lease cannot be renewed, nothing is answered from the cache', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ names, cached }) => {
    const session = await stack.session()
    await cached(session)
    const began = Date.now()
    await stack.redis.send('CLIENT', 'PAUSE', 4000, 'ALL')
    await sleep(1200)
    const answer = await member.direct.whoIs(session.cookie)
    await sleep(Math.max(0, began + 4200 - Date.now()))
    assert.equal(answer.status, 503, 'Redis has been silent for longer than a lease lasts, and the cache is used (section 8: 90 % of a lease)')
    await leased(stack, names, 'Redis is back, and it holds no lease after a minute (section 8)', MINUTE)
  })],

  ['cache-is-read-again', 'a session that a guest has ended stays in the cache for 5 s at most', ({ stack, member, skip }) => withCache({ stack, member, skip }, async ({ names, cached }) => {
    const session = await stack.session()
    await cached(session)
    await stack.redis.send('DEL', express(session.id))
    await eventually(() => ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'a guest ended it more than 5 s ago, and it is still in the cache (sections 7 and 10)')), 6500)
  })],

  ['cache-is-refreshed', 'a cached session is refreshed when its token is due', ({ stack, member, person, skip }) => withCache({ stack, member, skip }, async ({ names }) => {
    const { id, cookie } = await member.signInAs(person), before = await stack.expire(id, 18_000)
    await leased(stack, names, 'the lease was not renewed again (section 8)')
    await sleep(100)
    await ofEach(names, async () => assert.equal((await member.whoIs(cookie)).status, 200))
    await sleep(3_200) // due by then, and not read again yet
    await ofEach(names, async () => assert.equal((await member.whoIs(cookie)).status, 200))
    await eventually(async () => assert.equal(Number((await stack.fields(id)).tokensRev), before + 1, 'its token is due, and nobody refreshes it (section 5, refresh)'), 1000)
  })],

  ['lease-needs-heartbeats', 'without its own heartbeats, an instance renews no lease and caches nothing', ({ stack, member, skip, say }) => withCache({ stack, member, skip }, async ({ us, who, names, cached }) => {
    if (!await rightsOf(stack, who)) return skip(NO_USER)
    const session = await stack.session(), said = []
    // Deaf, and mute: others' heartbeats are none of its own.
    for (const [what, kind, ...taken] of [['it is deaf', 'channels', 'resetchannels'], ['it is mute', 'commands', '-publish']]) {
      await cached(session)
      const others = setInterval(() => us.beat(), 100)
      try {
        said.push(await without(stack, who, kind, taken, names, async () => {
          // For longer than until the next renewal: a member that is only busy comes back.
          await eventually(async () => {
            for (let looks = 0; looks < 8; looks++) {
              const holders = await stack.run('lease-holders', ['leases'])
              assert.ok(!names.some((name) => holders.includes(name)), `${what}, and the lease is renewed though no heartbeat of its own came back (section 8)`)
              await sleep(100)
            }
          }, 4000)
          const lost = await stack.session()
          for (let i = 0; i < 2; i++) await ofEach(names, async () => known(await member.whoIs(lost.cookie), lost.user))
          await stack.end(lost.id)
          await ofEach(names, async () => unknown(await member.whoIs(lost.cookie), `${what}, and caches (section 8)`))
        }))
      } finally { clearInterval(others) }
    }
    say(`back after ${said.join(' and ')} s`)
  })],

  ['redis-error', 'an error of Redis that is not about the data is answered with 503, and ends nothing', async ({ stack, member, skip }) => {
    const session = await stack.session(), { who, names } = await instancesOf(member, stack)
    if (!await rightsOf(stack, who)) return skip(NO_USER)
    await stack.allForgotten()
    await without(stack, who, 'commands', ['-eval', '-evalsha'], names, async () => {
      const answer = await member.direct.whoIs(session.cookie)
      assert.equal(answer.status, 503, 'Redis refuses a command (section 3: "not found" is not "unavailable")')
      assert.ok(answer.headers['retry-after'], 'no Retry-After (section 3)')
      assert.deepEqual(answer.cookies, [], 'a Set-Cookie (section 3)')
    })
    await eventually(async () => known(await member.whoIs(session.cookie), session.user))
  }],

  ['redis-reconnects', 'broken connections to Redis are replaced, and nobody counts as anonymous meanwhile', async ({ stack, member, skip }) => {
    const session = await stack.session(), { who, names } = await instancesOf(member, stack)
    if (!await rightsOf(stack, who)) return skip(NO_USER)
    await stack.redis.send('CLIENT', 'KILL', 'USER', who)
    const wrong = []
    await eventually(async () => {
      const answer = await member.direct.whoIs(session.cookie)
      if (![200, 503].includes(answer.status)) wrong.push(answer.status)
      known(answer, session.user)
    }, 5000)
    assert.deepEqual(wrong, [], 'answers while connections were broken (section 3: 503)')
    await leased(stack, names, 'Redis is back, and it holds no lease after a minute (section 8)', MINUTE)
  }]
]
