// What a member must do besides. Docs: docs/session-contract.md.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, known, unknown, within } from './checks-guest.js'
import { claimsIn, express, lock, MINUTE, newId, open, record, sha256, vectors } from './contract.js'
import { Browser } from './http.js'

const rev = async (stack, id) => Number((await stack.fields(id)).tokensRev)
export const memberChecks = [
  ['record-vectors', 'reads records of all minor versions, and treats damaged ones as absent', async ({ stack, member, say }) => {
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

  ['wrong-type', 'a key of the wrong type counts as absent, for that session alone', async ({ stack, member }) => {
    const [broken, whole] = [await stack.session(), await stack.session()]
    for (const key of [express(broken.id), record(broken.id)]) {
      await stack.redis.send('DEL', key)
      await stack.redis.send('LPUSH', key, 'x')
      await stack.redis.send('PEXPIRE', key, MINUTE)
      unknown(await member.whoIs(broken.cookie), 'damaged')
    }
    known(await member.whoIs(whole.cookie), whole.user)
  }],

  ['damaged-sign-off', 'a damaged session can be signed off and replaced, without an error, and nothing of it stays', async ({ stack, member, person }) => {
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

  ['damaged-attributes', 'unreadable attributes count as none, and the next write replaces them', async ({ stack, member, skip }) => {
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

  ['tombstone', "a guest's late write revives nothing, and the next read deletes it", async ({ stack, member }) => {
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

  ['idled-out', 'a session that has idled out is marked as ended', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('DEL', express(session.id))
    unknown(await member.whoIs(session.cookie), 'it idled out')
    assert.equal((await stack.fields(session.id)).endReason, 'gone')
    await stack.redis.send('SET', express(session.id), session.json, 'EX', 86_400)
    unknown(await member.whoIs(session.cookie), 'it idled out')
  }],

  ['time-to-live-restored', 'a time to live that a guest has removed is restored', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('PERSIST', express(session.id))
    try {
      known(await member.whoIs(session.cookie), session.user)
      within(await stack.redis.send('PTTL', express(session.id)), 29 * MINUTE, 30 * MINUTE, 'the time to live in ms')
    } finally { await stack.redis.send('PEXPIRE', express(session.id), MINUTE) } // no later check may trip over ours
  }],

  ['background', 'a background request is no activity, and refreshes tokens', async ({ stack, member, person }) => {
    const due = await member.signInAs(person), before = await stack.expire(due.id)
    assert.equal((await member.whoIs(due.cookie, { Prefer: 'background' })).status, 200, 'with an expired token, in the background (section 5, activity)')
    assert.equal(await rev(stack, due.id), before + 1, 'a background request does not refresh (section 5, activity)')
    const session = await stack.session()
    await stack.redis.send('PEXPIRE', express(session.id), 10 * MINUTE)
    const { seen } = await stack.fields(session.id)
    known(await member.whoIs(session.cookie, { Prefer: 'background' }), session.user)
    await member.whoIs(session.cookie, { Accept: 'text/event-stream' })
    await sleep(200)
    within(await stack.redis.send('PTTL', express(session.id)), 9 * MINUTE, 10 * MINUTE, 'the time to live in ms, after Prefer: background and Accept: text/event-stream (section 5, activity),')
    assert.equal((await stack.fields(session.id)).seen, seen, 'seen was written')
    if (!member.attributes) return
    assert.equal((await member.putAttribute(session.cookie, 'color', 'green', { Origin: stack.base, Prefer: 'background' })).status, 204)
    await eventually(async () => within(await stack.redis.send('PTTL', express(session.id)), 29 * MINUTE, 30 * MINUTE, 'the time to live in ms, after a write with Prefer: background (section 5, activity: GET and HEAD only),'))
  }],

  ['one-round-trip', 'a request with a session costs one Redis command at most', async ({ stack, member, monitor }) => {
    const session = await stack.session()
    const lines = await monitor(async () => known(await member.whoIs(session.cookie), session.user))
    const questions = lines.filter((line) => line.includes(session.id) && !/ lua\] /.test(line))
    assert.ok(questions.length <= 1, questions.map((line) => line.slice(0, 100)).join('\n'))
  }],

  ['scripts-again', 'each script is sent again after Redis has lost it', async ({ stack, member, person }) => {
    const session = await stack.session(), lost = () => stack.redis.send('SCRIPT', 'FLUSH')
    await lost()
    known(await member.whoIs(session.cookie), session.user)
    await lost()
    const { id, cookie } = await member.signInAs(person)
    await stack.expire(id)
    await lost()
    assert.equal((await member.whoIs(cookie)).status, 200, 'a refresh after scripts were lost (section 5)')
    await lost()
    if (member.attributes) assert.equal((await member.putAttribute(cookie, 'color', 'green')).status, 204, 'an attribute after scripts were lost (section 5)')
    await lost()
    assert.ok((await member.postSignOff(cookie)).status < 400, 'a sign-off after scripts were lost (section 5)')
    assert.equal((await stack.fields(id)).state, 'ended', 'a sign-off after scripts were lost (section 5)')
  }],

  ['sign-in-record', 'a sign-in writes the whole record, encrypted, indexed and with its time to live', async ({ stack, member, person }) => {
    const { id } = await member.signInAs(person)
    const fields = await stack.fields(id), user = JSON.parse(await stack.json(id)).passport.user
    for (const name of ['provider', 'created', 'seen', 'profile']) assert.ok(fields[name], `${name} is missing`)
    assert.equal(fields.v, '1')
    assert.equal(fields.state, 'live')
    assert.equal(fields.tokensRev, '1')
    assert.equal(fields.issuer, user.issuer)
    assert.equal(fields.subject, user.subject)
    assert.deepEqual(JSON.parse(fields.roles), [...user.roles].sort())
    const tokens = ['access', 'refresh'].map((name) => stack.open(id, name, fields[name])), json = await stack.json(id), claims = claimsIn(tokens[0])
    assert.ok(tokens[1].length > 20)
    assert.ok(tokens.every((token) => !json.includes(token)), 'a token is in sess:<id>, which guests read (section 3)')
    for (const name of ['access', 'refresh']) assert.ok(fields[name].startsWith(stack.keys[0].name + '.'), `${name} is not encrypted with the first key (section 4)`)
    for (const name of ['created', 'seen']) within(Date.now() - Number(fields[name]), -5000, MINUTE, `${name}, ms ago (section 3)`)
    if (fields.authenticated) within(Date.now() - Number(fields.authenticated), -5000, 24 * 60 * MINUTE, 'authenticated, ms ago (section 3: auth_time is in seconds)')
    if (fields.address) assert.match(fields.address, /\/\d+$/, 'address is a network, not a whole address (section 3)')
    // What a provider whose access tokens are JWTs says there.
    if (claims.sub) assert.equal(claims.sub, user.subject, 'the access token is another user\u2019s')
    if (claims.sid) assert.equal(fields.sid, claims.sid, 'sid is not the provider\u2019s (section 3)')
    if (claims.realm_access) assert.deepEqual(JSON.parse(fields.roles), [...claims.realm_access.roles].sort(), 'roles are not those of the access token, sorted (section 3)')
    if (claims.email) assert.equal(JSON.parse(fields.profile).email, claims.email, 'profile has no email (section 3)')
    if (claims.exp) within(Number(fields.accessExpires) - claims.exp * 1000, -5000, 5000, 'accessExpires, from the token\u2019s exp')
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

  ['adoption', "a guest's session is adopted, with the roles that a guest may grant", async ({ stack, member, skip }) => {
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

  ['sign-off-came-between', 'a sign-in creates no session if its provider session or user has been signed off meanwhile', async ({ stack, member, person }) => {
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

  ['refresh-once', 'of 20 requests with an expired token one refreshes, and all are answered', async ({ stack, member, person, say }) => {
    const { id, cookie } = await member.signInAs(person)
    for (let round = 1; round <= 3; round++) {
      const before = await stack.expire(id)
      const answers = await Promise.all(Array.from({ length: 20 }, () => member.whoIs(cookie)))
      assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 200), [], 'not all were answered')
      assert.equal(await rev(stack, id) - before, 1, 'the tokens were not written exactly once')
    }
    const fields = await stack.fields(id)
    within(Number(fields.accessExpires), Date.now() + MINUTE, Date.now() + 24 * 60 * MINUTE, 'accessExpires')
    const { exp } = claimsIn(stack.open(id, 'access', fields.access))
    if (exp) within(Number(fields.accessExpires) - exp * 1000, -5000, 5000, 'accessExpires after a refresh, from the token\u2019s exp')
    stack.open(id, 'refresh', fields.refresh)
    say('3 rounds, 3 grants')
  }],

  ['refresh-ahead', 'a token is refreshed 15 s before it expires, and not earlier', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id, 10_000)
    assert.equal((await member.whoIs(cookie)).status, 200)
    await eventually(async () => assert.equal(await rev(stack, id), before + 1))
    const early = await stack.expire(id, 45_000)
    assert.equal((await member.whoIs(cookie)).status, 200)
    await sleep(300)
    assert.equal(await rev(stack, id), early, 'a token that is valid for 45 s more was refreshed (section 5, refresh: 15 s)')
  }],

  ['encryption-nonces', 'each encryption uses a new random nonce', async ({ stack, member, person }) => {
    const nonces = []
    for (let i = 0; i < 3; i++) {
      const { id, cookie } = await member.signInAs(person)
      for (let round = 0; round < 2; round++) {
        const fields = await stack.fields(id)
        for (const name of ['access', 'refresh']) nonces.push(Buffer.from(fields[name].slice(fields[name].indexOf('.') + 1), 'base64url').subarray(0, 12))
        await stack.expire(id)
        assert.equal((await member.whoIs(cookie)).status, 200)
      }
    }
    // Random ones differ in each part; a counter does not.
    for (const part of [[0, 6], [6, 12]]) assert.equal(new Set(nonces.map((nonce) => nonce.subarray(...part).toString('hex'))).size, nonces.length, 'nonces, or parts of them, came twice: they are not random (section 4)')
  }],

  ['refresh-valid-token', 'while another member refreshes, a valid token is used without waiting', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person), before = await stack.expire(id, 9_000)
    await stack.redis.send('SET', lock(id), 'conform', 'PX', 6000)
    const began = Date.now()
    assert.equal((await member.whoIs(cookie)).status, 200)
    within(Date.now() - began, 0, 3000, 'the time it waited for another\u2019s refresh, in ms, with a valid token (section 5, refresh, step 1),')
    assert.equal(await rev(stack, id), before, 'it refreshed in spite of the lock')
    await stack.redis.send('DEL', lock(id))
  }],

  ['refresh-wait-limit', "waiting for another member's refresh ends after 5 s with 503, and leaves its lock alone", async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person), before = await stack.expire(id)
    await stack.redis.send('SET', lock(id), 'conform', 'PX', 12_000)
    const began = Date.now(), answer = await member.direct.whoIs(cookie), took = Date.now() - began
    assert.equal(answer.status, 503, 'the answer after a wait (section 5, refresh, step 1)')
    assert.ok(answer.headers['retry-after'], 'no Retry-After')
    assert.deepEqual(answer.cookies, [], 'a Set-Cookie')
    within(took, 4000, 8000, 'the time it waited, in ms (section 5, refresh, step 1),')
    assert.deepEqual([await stack.redis.send('GET', lock(id)), await rev(stack, id)], ['conform', before], 'the lock was taken away (section 5, refresh, step 1)')
    await stack.redis.send('DEL', lock(id))
    assert.equal((await member.whoIs(cookie)).status, 200)
  }],

  ['sign-in-required', 'a user who has to sign in again is not refreshed', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person), before = await stack.expire(id), mark = `{sess:${id}}:sign-in`
    await stack.redis.send('SET', mark, before, 'PX', MINUTE)
    unknown(await member.whoIs(cookie), '{sess:<id>}:sign-in says that the user has to sign in again (section 5, refresh)')
    assert.equal(await rev(stack, id), before, 'it refreshed all the same (section 5, refresh)')
    assert.equal((await stack.fields(id)).state, 'live', 'the session has ended (section 5, refresh)')
    // Of tokens that were replaced since, it says nothing.
    await stack.redis.send('SET', mark, before - 1, 'PX', MINUTE)
    await stack.allForgotten()
    assert.equal((await member.whoIs(cookie)).status, 200, 'a mark of earlier tokens counts (section 3, other keys)')
    assert.equal(await rev(stack, id), before + 1)
  }],

  ['refresh-lock', "with an expired token it waits for another member's refresh, and uses the result", async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id)
    await stack.redis.send('SET', lock(id), 'conform', 'PX', 5000)
    let answered = false
    const waiting = member.whoIs(cookie).finally(() => { answered = true })
    await sleep(700)
    assert.ok(!answered, 'it did not wait, though its token has expired (section 5, refresh, step 1)')
    assert.equal(await rev(stack, id), before, 'it refreshed in spite of the lock')
    const fields = await stack.fields(id)
    await stack.run('write-tokens', [record(id)], before, 'access', stack.seal(id, 'access', stack.open(id, 'access', fields.access)), 'accessExpires', Date.now() + 5 * MINUTE)
    await stack.redis.send('DEL', lock(id))
    assert.equal((await waiting).status, 200)
    assert.equal(await rev(stack, id), before + 1, 'it refreshed once more')
    assert.equal(await stack.redis.send('EXISTS', lock(id)), 0, 'the lock was left behind')
  }],

  ['refresh-lock-expires', 'a lock whose holder has died is taken over once it expires', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const before = await stack.expire(id)
    await stack.redis.send('SET', lock(id), 'dead', 'PX', 1500)
    assert.equal((await member.whoIs(cookie)).status, 200)
    assert.equal(await rev(stack, id), before + 1)
  }],

  ['refresh-refused', 'invalid_grant ends the session and its bearer tokens, and no other session', async ({ stack, member }) => {
    const id = newId(), issuedAt = Math.floor(Date.now() / 1000) - 300
    const access = ['{"alg":"none"}', JSON.stringify({ iat: issuedAt }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')
    const session = await stack.session({ id, access, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'not.a.token') } })
    const sibling = await stack.session({ fields: { sid: session.sid } })
    unknown(await member.whoIs(session.cookie), 'refused')
    assert.equal((await stack.fields(sibling.id)).state, 'live', 'another session of the same sid ended with it (section 5, a refused refresh, step 3)')
    const fields = await stack.fields(id), mark = 'ended-sid:' + sha256(stack.issuer, session.sid)
    assert.deepEqual([fields.state, fields.endReason], ['ended', 'refresh-refused'])
    assert.equal(await stack.redis.send('GET', mark), String(issuedAt * 1000 - 30_000), 'ended-sid: 30 s before the last access token was issued (section 5, a refused refresh)')
    within(await stack.redis.send('PTTL', mark), 14 * MINUTE, 15 * MINUTE, 'the time to live of ended-sid, in ms')
  }],

  ['provider-failure', 'any failure of the provider but invalid_grant ends no session', async ({ stack, member }) => {
    // A form of this size is refused before anybody reads the token in it.
    const id = newId(), session = await stack.session({ id, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'x'.repeat(300_000)) } })
    await member.whoIs(session.cookie)
    assert.equal((await stack.fields(id)).state, 'live', 'the session has ended (section 5: only invalid_grant ends it)')
    assert.equal(await stack.json(id), session.json, 'sess:<id> was written')
  }],

  ['unknown-fields', 'unknown fields survive touch, refresh and attribute write', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    await stack.redis.send('HSET', record(id), 'loa', '2', 'attr:somebody-else', '{"a":"b"}')
    await stack.expire(id)
    assert.equal((await member.whoIs(cookie)).status, 200)
    if (member.attributes) await member.putAttribute(cookie, 'color', 'green')
    const fields = await stack.fields(id)
    assert.deepEqual([fields.loa, fields['attr:somebody-else']], ['2', '{"a":"b"}'])
  }],

  ['attributes', "no other member's or guest's write, and no refresh, overwrites its attributes", async ({ stack, member, skip }) => {
    if (!member.attributes) return skip('member.json names no attributes')
    const session = await stack.session(), field = `attr:${member.service}`
    for (const [name, text] of [['color', 'gr\u00fcn \u{1F331}'], ['size', '4']]) assert.equal((await member.putAttribute(session.cookie, name, text)).status, 204)
    await stack.redis.send('SET', express(session.id), session.json, 'EX', 1800)
    assert.deepEqual((await member.whoIs(session.cookie)).user.attributes, { color: 'gr\u00fcn \u{1F331}', size: '4' })
    assert.deepEqual(JSON.parse((await stack.fields(session.id))[field]), { color: 'gr\u00fcn \u{1F331}', size: '4' })
    for (const [what, big] of [['9,000 letters', 'x'.repeat(9000)], ['3,000 letters of three bytes', '\u20ac'.repeat(3000)]]) {
      assert.equal((await member.putAttribute(session.cookie, 'big', big)).status, 400, `${what} (section 5: 8 KiB, in bytes)`)
    }
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: stack.base + '.evil.test' }, {}]) {
      assert.equal((await member.putAttribute(session.cookie, 'color', 'red', headers)).status, 403, `from another site: ${JSON.stringify(headers)} (section 7)`)
    }
    assert.deepEqual(JSON.parse((await stack.fields(session.id))[field]), { color: 'gr\u00fcn \u{1F331}', size: '4' })
    // Again and again: a member that reads, changes and writes without comparing is lucky now and then.
    for (let round = 1; round <= 10; round++) {
      const atOnce = await Promise.all(Array.from({ length: 12 }, (_, i) => member.putAttribute(session.cookie, `n${round}-${i}`, '1')))
      assert.deepEqual(atOnce.map(({ status }) => status).filter((status) => status !== 204), [])
      assert.equal(Object.keys(JSON.parse((await stack.fields(session.id))[field])).length, 2 + 12 * round, 'writes at once lost something')
    }
    const spaced = await stack.session({ fields: { [field]: '{ "color" : "blue" }' } })
    assert.equal((await member.putAttribute(spaced.cookie, 'size', 'x'.repeat(8000))).status, 204, '8,000 letters beside bytes that it did not write itself (section 5: pass the bytes that were read)')
    assert.equal(JSON.parse((await stack.fields(spaced.id))[field]).color, 'blue')
    await stack.end(session.id)
    await stack.allForgotten()
    assert.equal((await member.putAttribute(session.cookie, 'late', 'x')).status, 401)
    assert.equal((await stack.fields(session.id))[field], undefined, 'an ended session has attributes')
  }],

  ['sign-off-everywhere', 'a sign-off revokes the leases and waits until they have expired', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const ends = Date.now() + 1000
    await stack.redis.send('ZADD', 'leases', ends, 'conform-does-not-acknowledge')
    await stack.redis.send('PEXPIRE', 'leases', 10_000)
    assert.ok((await member.postSignOff(cookie)).status < 400)
    const [, now] = [await stack.redis.send('ZSCORE', 'leases', 'conform-does-not-acknowledge'), Date.now()]
    assert.equal(await stack.redis.send('ZSCORE', 'leases', 'conform-does-not-acknowledge'), null, 'the lease can still be renewed')
    assert.ok(now >= ends - 20, `answered ${ends - now} ms before the lease had run out`)
    assert.ok(now < ends + 4000, `answered ${now - ends} ms after the lease had run out (section 7, step 3: a second at most)`)
    assert.equal((await stack.fields(id)).endReason, 'signed-off')
  }],

  ['sign-off-at-the-provider', "a sign-off ends the provider's session and its other sessions here, and no others", async ({ stack, member, person }) => {
    const { id, cookie, browser } = await member.signInAs(person)
    const { sid, issuer } = await stack.fields(id), sibling = await stack.session({ fields: { sid } })
    const device = await stack.session({ subject: (await stack.fields(id)).subject })
    assert.ok((await member.postSignOff(cookie)).status < 400)
    assert.equal((await stack.fields(sibling.id)).state, 'ended', 'the session of another tab lives')
    assert.equal((await stack.fields(device.id)).state, 'live', 'the same user\u2019s session of another sid has ended (section 7, step 2)')
    assert.ok(await stack.redis.send('PTTL', 'ended-sid:' + sha256(issuer, sid)) > 14 * MINUTE, 'no ended-sid: bearer tokens go on')
    assert.equal((await stack.fields(id)).refresh, undefined, 'the refresh token was kept though the provider confirmed')
    assert.equal((await member.signInAs(person, browser)).askedForPassword, true, 'the provider signs in silently')
  }],

  ['read-after-end', "the member that ends a session reads it again 2 s later, which deletes a guest's late write", async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const json = await stack.json(id)
    assert.ok((await member.postSignOff(cookie)).status < 400)
    await stack.redis.send('SET', express(id), json, 'EX', 86_400)
    await eventually(async () => assert.equal(await stack.json(id), null), 4000)
  }]
]
