// What a member with a memory must do besides (section 8): hold a lease, hear the fleet's events, forget, confirm, and tell.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, known, unknown } from './checks-guest.js'
import { MINUTE, newId, sha256 } from './contract.js'
import { ackMac, Instance } from './events.js'
import { watch, whoAsked } from './watch.js'

/** Long enough for the next renewal of a lease, and for heartbeats. */
const A_RENEWAL = 700

/** @return {who: its Redis user, names: its instances that hold a lease} */
async function instancesOf (member, stack) {
  const session = await stack.session()
  const commands = await watch(stack, async () => {
    await member.whoIs(session.cookie)
    await sleep(A_RENEWAL)
  })
  const who = whoAsked(commands, session.id)
  return { who, names: [...new Set(commands.filter((command) => command.script === 'lease-renew' && command.who === who).map(({ argv }) => argv[0]))] }
}

/** Asks so often that each instance behind a proxy has been asked. */
const ofEach = async (names, ask) => { for (let i = 0; i < 2 * names.length + 1; i++) await ask() }

/** Skips unless the member has a memory, and the fleet's events come over Redis. */
async function withMemory ({ stack, member, skip }, work) {
  const { who, names } = await instancesOf(member, stack)
  if (!names.length) return skip('it holds no lease, so it has no memory')
  return Instance.during(stack, async (us) => {
    await sleep(A_RENEWAL)
    if (!names.every((name) => us.heartbeats(name).length)) return skip('its events do not come over the Redis channel session-events: not asked')
    return work({ us, who, names, remembered: (session) => ofEach(names, async () => known(await member.whoIs(session.cookie), session.user)) })
  })
}

async function confirmedBy (names, us, stack, event) {
  for (const name of names) {
    const answer = await us.confirmation(event, name)
    assert.ok(answer, 'an instance with a lease did not confirm the end within a second (section 8)')
    assert.equal(answer.data.mac, ackMac(stack.keys[0].key, name, event), 'the MAC of the confirmation is wrong (section 8)')
  }
}

export const eventChecks = [
  ['memory-needs-a-lease', 'who holds no lease remembers nothing', async ({ stack, member, skip }) => {
    const { names } = await instancesOf(member, stack)
    if (names.length) return skip('it holds a lease')
    for (let i = 0; i < 5; i++) {
      const session = await stack.session()
      for (let j = 0; j < 3; j++) known(await member.whoIs(session.cookie), session.user)
      await stack.end(session.id)
      unknown(await member.whoIs(session.cookie), 'it has ended in Redis, and no lease allows a memory (section 8)')
    }
  }],

  ['lease-gap', 'after a lease that was taken away nothing is remembered', ({ stack, member, skip }) => withMemory({ stack, member, skip }, async ({ names, remembered }) => {
    const session = await stack.session()
    await remembered(session)
    await stack.allForgotten()
    await stack.end(session.id)
    await eventually(async () => { for (const name of names) assert.ok(await stack.redis.send('ZSCORE', 'leases', name), 'the lease was not renewed again (section 8)') })
    await sleep(100)
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'it ended while no lease was held: the memory was not cleared (section 8)'))
  })],

  ['event-forgets', 'what an instance confirms it has forgotten', ({ stack, member, skip, say }) => withMemory({ stack, member, skip }, async ({ us, names, remembered }) => {
    for (let round = 0; round < 5; round++) {
      const session = await stack.session()
      await remembered(session)
      await stack.end(session.id)
      // By its own hash, and now and then by that of its provider session besides.
      await confirmedBy(names, us, stack, await us.ended(round % 2 ? session : { id: session.id }))
      await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'its end was confirmed, and it is remembered (section 8)'))
    }
    say(`5 rounds, ${names.length} instance${names.length > 1 ? 's' : ''}`)
  })],

  ['event-forgets-siblings', 'an event makes it forget all sessions of that provider session', ({ stack, member, skip }) => withMemory({ stack, member, skip }, async ({ us, names, remembered }) => {
    const session = await stack.session()
    await remembered(session)
    await stack.end(session.id)
    await confirmedBy(names, us, stack, await us.ended({ id: newId(), sid: session.sid }))
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'a session of the same providerSession is remembered (section 8)'))
  })],

  ['event-is-a-hint', 'an event ends nothing, asks Redis again, and one that cannot be read does no harm', ({ stack, member, skip }) => withMemory({ stack, member, skip }, async ({ us, names, remembered }) => {
    const session = await stack.session()
    await remembered(session)
    const commands = await watch(stack, async () => {
      await confirmedBy(names, us, stack, await us.ended(session))
      await remembered(session)
    })
    assert.equal((await stack.fields(session.id)).state, 'live', 'an event ended a session (section 8)')
    assert.ok(whoAsked(commands, session.id), 'Redis was not asked again: nothing was forgotten (section 8)')
    for (const text of ['', 'x', 'null', '[]', '{}', '{"specversion":"1.0"}', '{"specversion":"1.0","type":"org.acme.session.ended.v1","source":7,"id":[],"data":null}',
      JSON.stringify({ specversion: '1.0', type: 'org.acme.session.unknown.v9', source: 'urn:sso:instance:' + us.name, id: randomUUID(), data: {} })]) await us.say(text)
    await stack.end(session.id)
    await confirmedBy(names, us, stack, await us.ended(session))
    await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'after events that cannot be read it no longer forgets (section 8)'))
  })],

  ['event-at-sign-off', 'its sign-off is told to the fleet, and waits for the confirmation of each lease', ({ stack, member, person, skip, say }) => withMemory({ stack, member, skip }, async ({ us }) => {
    const signOff = async (leased, onEnd) => {
      const { id, cookie } = await member.signInAs(person), { issuer, sid } = await stack.fields(id), ends = await us.lease(leased)
      us.onEvent = (event) => { if (event?.data?.session === sha256(id)) onEnd(event) }
      const began = Date.now(), answer = await member.postSignOff(cookie)
      assert.ok(answer.status < 400, `sign-off: ${answer.status}`)
      const answered = Date.now(), event = await us.endOf(id, 0)
      assert.ok(event, 'no event of the end was heard before the answer (section 7, step 3)')
      assert.deepEqual([event.specversion, event.type, event.data.reason, event.data.actor, event.data.providerSession],
        ['1.0', 'org.acme.session.ended.v1', 'signed-off', 'user', sid && sha256(issuer, sid)], 'the event (section 8)')
      assert.match(event.source, /^urn:sso:instance:[\w.:-]{1,128}$/, 'its source')
      assert.ok(!JSON.stringify(event).includes(id), 'the event names the id itself')
      return { took: answered - began, early: ends - answered }
    }
    const good = await signOff(3000, (event) => us.confirm(event.id))
    assert.ok(good.early > 500, `it waited ${good.took} ms though the only lease of ours was confirmed: confirmations do not count (section 7, step 3)`)
    const forged = await signOff(1500, (event) => us.confirm(event.id, ackMac(Buffer.alloc(32), us.name, event.id)))
    assert.ok(forged.early <= 20, `it answered ${forged.early} ms before the lease had run out: a confirmation with a wrong MAC counted (section 8)`)
    const others = await signOff(1500, (event) => us.confirm(event.id, ackMac(stack.keys[0].key, 'another', event.id)))
    assert.ok(others.early <= 20, `it answered ${others.early} ms before the lease had run out: the MAC of another instance counted (section 8)`)
    say(`${good.took} ms when confirmed`)
  })],

  ['event-of-other-ends', 'a replaced session, and one whose refresh is refused, are told too', ({ stack, member, person, skip }) => withMemory({ stack, member, skip }, async ({ us }) => {
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

  ['lease-needs-heartbeats', 'who does not hear itself on the channel renews no lease, and remembers nothing', ({ stack, member, skip, say }) => withMemory({ stack, member, skip }, async ({ who, names, remembered }) => {
    const rights = await stack.redis.send('ACL', 'GETUSER', who).catch(() => null)
    if (!rights) return skip(`Redis has no user ${who} whose channels could be taken for a moment`)
    const channels = rights[rights.indexOf('channels') + 1].split(' ').filter(Boolean)
    const session = await stack.session()
    await remembered(session)
    await stack.during(() => stack.redis.send('ACL', 'SETUSER', who, 'resetchannels', ...channels), async () => {
      await stack.redis.send('ACL', 'SETUSER', who, 'resetchannels')
      await eventually(async () => {
        const holders = await stack.run('lease-holders', ['leases'])
        assert.ok(!names.some((name) => holders.includes(name)), 'the lease is renewed though no heartbeat came back (section 8)')
      }, 4000)
      await stack.end(session.id)
      await ofEach(names, async () => unknown(await member.whoIs(session.cookie), 'it is deaf, and remembers (section 8)'))
    })
    // How soon it is back is its own affair, but what is asked next needs the fleet as it was.
    const back = Date.now()
    await eventually(async () => { for (const name of names) assert.ok(await stack.redis.send('ZSCORE', 'leases', name), 'it may hear itself again, and holds no lease after a minute') }, MINUTE)
    say(`back after ${Math.round((Date.now() - back) / 1000)} s`)
  })]
]
