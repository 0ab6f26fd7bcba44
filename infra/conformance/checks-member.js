// What a member must do besides. Docs: docs/session-contract.md.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, known, unknown, within } from './checks-guest.js'
import { express, lock, MINUTE, newId, open, record, sha256, vectors } from './contract.js'
import { Browser } from './http.js'

const rev = async (stack, id) => Number((await stack.fields(id)).tokensRev)
export const memberChecks = [
  ['record-vectors', 'reads records old and new, and takes damaged ones for absent', async ({ stack, member, say }) => {
    const { id: vectorId, key, records } = vectors('records'), [name, bytes] = key.split(':')
    const vectorKeys = [{ name, key: Buffer.from(bytes, 'base64') }], wrong = []
    for (const { why, express: json, fields, reads } of records) {
      const id = newId(), ours = { ...fields }
      for (const field of ['access', 'refresh']) { // sealed for the vectors' session and key: sealed anew, where they open
        try { ours[field] = stack.seal(id, field, open(vectorKeys, `${record(vectorId)}\0${field}\x001`, fields[field])) } catch {}
      }
      const answer = await member.whoIs((await stack.lay(id, json, ours)).cookie)
      const good = reads === null ? answer.status === 401
        // A service may ask for a role; then it knows who is there, and says no.
        : answer.status === 403 || (answer.status === 200 && answer.user.subject === reads.subject && answer.user.name === reads.name &&
          JSON.stringify([...answer.user.roles].sort()) === JSON.stringify(reads.roles))
      if (!good) wrong.push(`${why}: ${answer.status} ${answer.body.slice(0, 120)}`)
    }
    say(`${records.length} records`)
    assert.deepEqual(wrong, [])
  }],

  ['wrong-type', 'a key of another type counts as absent, and nobody else suffers', async ({ stack, member }) => {
    const [broken, whole] = [await stack.session(), await stack.session()]
    for (const key of [express(broken.id), record(broken.id)]) {
      await stack.redis.send('DEL', key)
      await stack.redis.send('LPUSH', key, 'x')
      await stack.redis.send('PEXPIRE', key, MINUTE)
      unknown(await member.whoIs(broken.cookie), 'damaged')
    }
    known(await member.whoIs(whole.cookie), whole.user)
  }],

  ['damaged-sign-off', 'a damaged session is signed off, and signed in over, as any other: never an error, and nothing of it stays', async ({ stack, member, person }) => {
    const damage = async () => {
      const session = await stack.session()
      await stack.redis.send('DEL', record(session.id))
      await stack.redis.send('LPUSH', record(session.id), 'x')
      await stack.redis.send('PEXPIRE', record(session.id), MINUTE)
      return session
    }
    const gone = async ({ id }) => assert.equal(await stack.redis.send('EXISTS', express(id), record(id)), 0, 'it was left behind (section 7, step 1)')
    const broken = await damage(), answer = await member.postSignOff(broken.cookie)
    assert.ok(answer.status < 400, `sign-off of a record of another type: ${answer.status} (section 3: it counts as absent)`)
    assert.ok(answer.cookies.some((text) => text.startsWith(stack.cookieName + '=;')), 'the cookie was not cleared')
    await gone(broken)

    const sealed = await stack.session({ fields: { refresh: 'no-such-key.AAAA' } })
    assert.ok((await member.postSignOff(sealed.cookie)).status < 400, 'sign-off of a record whose token does not open (section 7)')
    assert.equal((await stack.fields(sealed.id)).state, 'ended')

    const before = await damage()
    const { id } = await member.signInAs(person, new Browser().with(stack.cookieName, before.cookie.slice(stack.cookieName.length + 1)))
    assert.notEqual(id, before.id)
    await gone(before)
  }],

  ['damaged-attributes', 'attributes that cannot be read are none: the session lives, and the next write begins anew', async ({ stack, member, skip }) => {
    if (!member.attributes) return skip('member.json names no attributes')
    for (const damaged of ['{"a":', 'null', '[1]', '"x"', '\u0000']) {
      const session = await stack.session({ fields: { [`attr:${member.service}`]: damaged } })
      const answer = await member.whoIs(session.cookie)
      known(answer, session.user)
      assert.deepEqual(answer.user.attributes, {}, `${damaged}: attributes (section 3)`)
      assert.equal((await member.putAttribute(session.cookie, 'color', 'green')).status, 204, `${damaged}: the next write`)
      assert.deepEqual(JSON.parse((await stack.fields(session.id))[`attr:${member.service}`]), { color: 'green' })
    }
  }],

  ['tombstone', "a guest's late write revives nothing, and is taken away by whoever looks", async ({ stack, member }) => {
    const session = await stack.session()
    await stack.end(session.id)
    await stack.allForgotten()
    for (let i = 0; i < 3; i++) {
      await stack.redis.send('SET', express(session.id), session.json, 'EX', 86_400)
      unknown(await member.whoIs(session.cookie), 'it has ended')
      assert.equal(await stack.json(session.id), null, 'the late write is still there')
    }
    assert.equal((await stack.fields(session.id)).state, 'ended')
  }],

  ['gone', 'a session that idled out is marked, so that it cannot come back', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('DEL', express(session.id))
    unknown(await member.whoIs(session.cookie), 'it idled out')
    assert.equal((await stack.fields(session.id)).endReason, 'gone')
    await stack.redis.send('SET', express(session.id), session.json, 'EX', 86_400)
    unknown(await member.whoIs(session.cookie), 'it idled out')
  }],

  ['no-limit', 'a limit that a guest removed is put back', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('PERSIST', express(session.id))
    try {
      known(await member.whoIs(session.cookie), session.user)
      within(await stack.redis.send('PTTL', express(session.id)), 29 * MINUTE, 30 * MINUTE, 'the time to live in ms')
    } finally { await stack.redis.send('PEXPIRE', express(session.id), MINUTE) } // no later check may trip over ours
  }],

  ['background', 'what a page asks for by itself is no activity', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('PEXPIRE', express(session.id), 10 * MINUTE)
    const { seen } = await stack.fields(session.id)
    known(await member.whoIs(session.cookie, { Prefer: 'background' }), session.user)
    await sleep(200)
    within(await stack.redis.send('PTTL', express(session.id)), 9 * MINUTE, 10 * MINUTE, 'the time to live in ms, after Prefer: background (section 5, activity),')
    assert.equal((await stack.fields(session.id)).seen, seen, 'seen was written')
  }],

  ['one-question', 'a signed-in request costs one question to Redis at most', async ({ stack, member, monitor }) => {
    const session = await stack.session()
    const lines = await monitor(async () => known(await member.whoIs(session.cookie), session.user))
    const questions = lines.filter((line) => line.includes(session.id) && !/ lua\] /.test(line))
    assert.ok(questions.length <= 1, questions.map((line) => line.slice(0, 100)).join('\n'))
  }],

  ['scripts-again', 'a Redis that has lost its scripts is given them again', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('SCRIPT', 'FLUSH')
    known(await member.whoIs(session.cookie), session.user)
  }],

  ['sign-in-record', 'a sign-in writes the whole record, sealed, indexed and limited', async ({ stack, member, person }) => {
    const { id } = await member.signInAs(person)
    const fields = await stack.fields(id), user = JSON.parse(await stack.json(id)).passport.user
    for (const name of ['provider', 'created', 'seen', 'profile']) assert.ok(fields[name], `${name} is missing`)
    assert.equal(fields.v, '1')
    assert.equal(fields.state, 'live')
    assert.equal(fields.tokensRev, '1')
    assert.equal(fields.issuer, user.issuer)
    assert.equal(fields.subject, user.subject)
    assert.deepEqual(JSON.parse(fields.roles), [...user.roles].sort())
    const claims = JSON.parse(Buffer.from(stack.open(id, 'access', fields.access).split('.')[1], 'base64url'))
    assert.equal(claims.sub, user.subject, 'the access token is another user\u2019s')
    assert.ok(stack.open(id, 'refresh', fields.refresh).length > 20)
    within(Number(fields.accessExpires) - claims.exp * 1000, -5000, 5000, 'accessExpires, from the token\u2019s exp')
    within(await stack.redis.send('PTTL', record(id)) - (Number(fields.until) - Date.now()), -5000, 5000, 'the record\u2019s time to live, from until')
    for (const index of ['idx:user:' + sha256(user.issuer, user.subject), 'idx:sid:' + sha256(user.issuer, fields.sid)]) {
      assert.equal(await stack.redis.send('ZSCORE', index, id), fields.until, `${index.slice(0, 9)}: not entered`)
    }
  }],

  ['replaced', 'a sign-in over a session ends that one as replaced, and nothing at the provider', async ({ stack, member, person, skip }) => {
    const before = await member.signInAs(person)
    const after = await member.signInAs(person, before.browser)
    if (!after.asked.startsWith(stack.issuer)) return skip('it sends who is signed in back to a page')
    assert.equal(after.askedForPassword, false, 'the provider had forgotten')
    const old = await stack.fields(before.id)
    assert.deepEqual([old.state, old.endReason, 'refresh' in old, 'access' in old], ['ended', 'replaced', false, false])
    const { sid, issuer } = await stack.fields(after.id)
    assert.equal((await member.whoIs(after.cookie)).status, 200, 'the new session ended with the old one, whose sid it has (section 6, step 3)')
    if (sid) assert.equal(await stack.redis.send('GET', 'ended-sid:' + sha256(issuer, sid)), null, 'ended-sid: the new session\u2019s bearer tokens are refused (section 6, step 3)')
    await stack.redis.send('SET', express(before.id), JSON.stringify({ cookie: {}, sso: {} }), 'EX', 60)
    await eventually(async () => assert.equal(await stack.json(before.id), null, 'no second look (section 6, step 3)'), 4000)
  }],

  ['guests-session', "a session that a guest began becomes one of ours, with the roles that a guest may grant", async ({ stack, member, skip }) => {
    if (!member.adopts) return skip('member.json says that it does not trust guests')
    const begin = async (change = {}, until = Date.now() + 20 * MINUTE) => {
      const id = stack.own(newId()), user = { issuer: stack.issuer, subject: 'conform-' + id.slice(0, 8), name: 'gus', roles: ['user', 'admin'], ...change }
      await stack.redis.send('SET', express(id), JSON.stringify({ cookie: {}, passport: { user }, sso: { until } }), 'PX', 25 * MINUTE)
      return { id, user, cookie: stack.cookieOf(id) }
    }
    const { id, user, cookie } = await begin()
    const answer = await member.whoIs(cookie)
    known(answer, user)
    assert.deepEqual(answer.user.roles, ['user'], 'a guest granted a role that it may not')
    const fields = await stack.fields(id)
    assert.deepEqual([fields.state, fields.access, fields.subject, 'refresh' in fields], ['live', '', user.subject, false])
    within(await stack.redis.send('PTTL', record(id)), 19 * MINUTE, 20 * MINUTE, 'the record\u2019s time to live in ms')
    within(await stack.redis.send('PTTL', express(id)), 1, 20 * MINUTE, 'the time to live in ms, which must not pass until')
    assert.ok(await stack.redis.send('ZSCORE', 'idx:user:' + sha256(user.issuer, user.subject), id), 'not entered in idx:user')
    await stack.end(id)
    await stack.redis.send('SET', express(id), JSON.stringify({ cookie: {}, passport: { user }, sso: { until: Date.now() + MINUTE } }), 'PX', MINUTE)
    await stack.allForgotten()
    unknown(await member.whoIs(cookie), 'it has ended')
    for (const [why, guest] of [['another issuer', await begin({ issuer: 'https://evil.test' })], ['no subject', await begin({ subject: '' })],
      ['its end has passed', await begin({}, Date.now() - 1000)], ['no end', await begin({}, null)]]) {
      unknown(await member.whoIs(guest.cookie), why)
      assert.equal(await stack.redis.send('EXISTS', record(guest.id)), 0, `${why}: it was adopted`)
    }
  }],

  ['sign-off-came-between', 'a sign-in whose provider session, or user, was ended meanwhile makes no session', async ({ stack, member, person }) => {
    const before = await member.signInAs(person), { issuer, subject, sid } = await stack.fields(before.id)
    if (sid) {
      const mark = 'ended-sid:' + sha256(issuer, sid)
      await stack.run('mark-ended', [mark], MINUTE)
      await stack.end(before.id)
      await assert.rejects(member.signInAs(person, before.browser), /no session cookie/, 'the provider session had ended')
      await stack.redis.send('DEL', mark)
    }
    const mark = 'ended-sid:user:' + sha256(issuer, subject)
    await stack.redis.send('SET', mark, Date.now() + 30_000, 'PX', MINUTE)
    try {
      await assert.rejects(member.signInAs(person), /no session cookie/, 'the user had been signed off everywhere')
    } finally { await stack.redis.send('DEL', mark) }
  }],

  ['refresh-once', 'of 20 requests on an expired token one refreshes, and all are answered', async ({ stack, member, person, say }) => {
    const { id, cookie } = await member.signInAs(person)
    for (let round = 1; round <= 3; round++) {
      const before = await stack.expire(id)
      const answers = await Promise.all(Array.from({ length: 20 }, () => member.whoIs(cookie)))
      assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 200), [], 'not all were answered')
      assert.equal(await rev(stack, id) - before, 1, 'the tokens were not written exactly once')
    }
    const fields = await stack.fields(id)
    within(Number(fields.accessExpires), Date.now() + MINUTE, Date.now() + 24 * 60 * MINUTE, 'accessExpires')
    stack.open(id, 'access', fields.access)
    stack.open(id, 'refresh', fields.refresh)
    say('3 rounds, 3 grants')
  }],

  ['refresh-ahead', 'a token about to expire is refreshed before it has', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id, 10_000)
    assert.equal((await member.whoIs(cookie)).status, 200)
    await eventually(async () => assert.equal(await rev(stack, id), before + 1))
  }],

  ['refresh-lock', 'while somebody else refreshes, it waits, and uses what the winner wrote', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id)
    await stack.redis.send('SET', lock(id), 'conform', 'PX', 5000)
    const waiting = member.whoIs(cookie)
    await sleep(700)
    assert.equal(await rev(stack, id), before, 'it refreshed in spite of the lock')
    const fields = await stack.fields(id)
    await stack.run('write-tokens', [record(id)], before, 'access', stack.seal(id, 'access', stack.open(id, 'access', fields.access)), 'accessExpires', Date.now() + 5 * MINUTE)
    await stack.redis.send('DEL', lock(id))
    assert.equal((await waiting).status, 200)
    assert.equal(await rev(stack, id), before + 1, 'it refreshed once more')
    assert.equal(await stack.redis.send('EXISTS', lock(id)), 0, 'the lock was left behind')
  }],

  ['refresh-after-a-death', 'the lock of one who died holding it is free soon', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id)
    await stack.redis.send('SET', lock(id), 'dead', 'PX', 1500)
    assert.equal((await member.whoIs(cookie)).status, 200)
    assert.equal(await rev(stack, id), before + 1)
  }],

  ['refresh-refused', 'invalid_grant ends the session and its bearer tokens, and the user signs in anew', async ({ stack, member }) => {
    const id = newId(), issuedAt = Math.floor(Date.now() / 1000) - 300
    const access = ['{"alg":"none"}', JSON.stringify({ iat: issuedAt }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')
    const session = await stack.session({ id, access, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'not.a.token') } })
    unknown(await member.whoIs(session.cookie), 'refused')
    const fields = await stack.fields(id), mark = 'ended-sid:' + sha256(stack.issuer, session.sid)
    assert.deepEqual([fields.state, fields.endReason], ['ended', 'refresh-refused'])
    assert.equal(await stack.redis.send('GET', mark), String(issuedAt * 1000 - 30_000), 'ended-sid: 30 s before the last access token was issued (section 5, a refused refresh)')
    within(await stack.redis.send('PTTL', mark), 14 * MINUTE, 15 * MINUTE, 'the time to live of ended-sid, in ms')
  }],

  ['provider-failure', 'a failure of the provider that is not invalid_grant ends no session', async ({ stack, member }) => {
    // A form of this size is refused before anybody reads the token in it.
    const id = newId(), session = await stack.session({ id, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'x'.repeat(300_000)) } })
    await member.whoIs(session.cookie)
    assert.equal((await stack.fields(id)).state, 'live', 'the session has ended (section 5: only invalid_grant ends it)')
    assert.equal(await stack.json(id), session.json, 'sess:<id> was written')
  }],

  ['unknown-fields', 'fields of later versions survive touch, refresh and attribute write', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    await stack.redis.send('HSET', record(id), 'loa', '2', 'attr:somebody-else', '{"a":"b"}')
    await stack.expire(id)
    assert.equal((await member.whoIs(cookie)).status, 200)
    if (member.attributes) await member.putAttribute(cookie, 'color', 'green')
    const fields = await stack.fields(id)
    assert.deepEqual([fields.loa, fields['attr:somebody-else']], ['2', '{"a":"b"}'])
  }],

  ['attributes', "its attributes are its own: no guest's write and no refresh loses them", async ({ stack, member, skip }) => {
    if (!member.attributes) return skip('member.json names no attributes')
    const session = await stack.session(), field = `attr:${member.service}`
    for (const [name, text] of [['color', 'gr\u00fcn \u{1F331}'], ['size', '4']]) assert.equal((await member.putAttribute(session.cookie, name, text)).status, 204)
    await stack.redis.send('SET', express(session.id), session.json, 'EX', 1800)
    assert.deepEqual((await member.whoIs(session.cookie)).user.attributes, { color: 'gr\u00fcn \u{1F331}', size: '4' })
    assert.deepEqual(JSON.parse((await stack.fields(session.id))[field]), { color: 'gr\u00fcn \u{1F331}', size: '4' })
    assert.equal((await member.putAttribute(session.cookie, 'big', 'x'.repeat(9000))).status, 400, '9 KB')
    assert.equal((await member.putAttribute(session.cookie, 'color', 'red', { 'Sec-Fetch-Site': 'cross-site' })).status, 403, 'from another site')
    assert.deepEqual(JSON.parse((await stack.fields(session.id))[field]), { color: 'gr\u00fcn \u{1F331}', size: '4' })
    // Again and again: a member that reads, changes and writes without comparing is lucky now and then.
    for (let round = 1; round <= 10; round++) {
      const atOnce = await Promise.all(Array.from({ length: 12 }, (_, i) => member.putAttribute(session.cookie, `n${round}-${i}`, '1')))
      assert.deepEqual(atOnce.map(({ status }) => status).filter((status) => status !== 204), [])
      assert.equal(Object.keys(JSON.parse((await stack.fields(session.id))[field])).length, 2 + 12 * round, 'writes at once lost something')
    }
    await stack.end(session.id)
    await stack.allForgotten()
    assert.equal((await member.putAttribute(session.cookie, 'late', 'x')).status, 401)
    assert.equal((await stack.fields(session.id))[field], undefined, 'an ended session has attributes')
  }],

  ['sign-off-everywhere', 'after its sign-off nobody may trust a memory: leases are taken and waited for', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const ends = Date.now() + 1000
    await stack.redis.send('ZADD', 'leases', ends, 'conform-does-not-confirm')
    await stack.redis.send('PEXPIRE', 'leases', 10_000)
    assert.ok((await member.postSignOff(cookie)).status < 400)
    const [, now] = [await stack.redis.send('ZSCORE', 'leases', 'conform-does-not-confirm'), Date.now()]
    assert.equal(await stack.redis.send('ZSCORE', 'leases', 'conform-does-not-confirm'), null, 'the lease can still be renewed')
    assert.ok(now >= ends - 20, `answered ${ends - now} ms before the lease had run out`)
    assert.equal((await stack.fields(id)).endReason, 'signed-off')
  }],

  ['sign-off-at-the-provider', "its sign-off ends the provider's session, and the other tabs'", async ({ stack, member, person }) => {
    const { id, cookie, browser } = await member.signInAs(person)
    const { sid, issuer } = await stack.fields(id), sibling = await stack.session({ fields: { sid } })
    assert.ok((await member.postSignOff(cookie)).status < 400)
    assert.equal((await stack.fields(sibling.id)).state, 'ended', 'the session of another tab lives')
    assert.ok(await stack.redis.send('PTTL', 'ended-sid:' + sha256(issuer, sid)) > 14 * MINUTE, 'no ended-sid: bearer tokens go on')
    assert.equal((await stack.fields(id)).refresh, undefined, 'the refresh token was kept though the provider confirmed')
    assert.equal((await member.signInAs(person, browser)).askedForPassword, true, 'the provider signs in silently')
  }],

  ['second-look', "the ender looks again: a guest's write in flight is gone without anybody asking", async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const json = await stack.json(id)
    assert.ok((await member.postSignOff(cookie)).status < 400)
    await stack.redis.send('SET', express(id), json, 'EX', 86_400)
    await eventually(async () => assert.equal(await stack.json(id), null), 4000)
  }]
]
