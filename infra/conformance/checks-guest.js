// What every service that joins must do, guest or member. Docs: docs/session-contract.md.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { cookies, isTelling } from '../../docs/vectors/generate/cookies.js'
import { express, MINUTE, newId, record, schema, vectors, violations } from './contract.js'
import { ask, Browser } from './http.js'

const known = (answer, user) => {
  assert.equal(answer.status, 200, `the session lives, and the answer is ${answer.status}`)
  assert.deepEqual(answer.cookies.filter((text) => /sso=/.test(text)), [], 'the cookie is set again (section 2: by a sign-in and a sign-off alone)')
  assert.equal(answer.user?.subject, user.subject, 'another subject')
  assert.equal(answer.user?.issuer, user.issuer, 'another issuer')
}
const unknown = (answer, why) => {
  assert.equal(answer.status, 401, `${why}, and the answer is ${answer.status}`)
  assert.deepEqual(answer.cookies, [], 'a Set-Cookie that nobody asked for')
}
const within = (value, from, to, what) => assert.ok(value >= from && value <= to, `${what} is ${value}, not ${from} to ${to}`)
export { known, unknown, within }

export const guestChecks = [
  ['live-session', 'a signed cookie of a live session identifies its user', async ({ stack, member }) => {
    const session = await stack.session()
    const answer = await member.whoIs(session.cookie)
    known(answer, session.user)
    assert.equal(answer.user.name, session.user.name)
    assert.deepEqual([...answer.user.roles].sort(), session.user.roles)
    assert.ok(!/access-token|session-id/.test(answer.body) && !answer.body.includes(session.id), 'the answer tells a secret')
  }],

  ['anonymous', 'a request without a cookie is anonymous, and leaves nothing behind', async ({ stack, member }) => {
    const before = await stack.keysLike('sess:*')
    unknown(await member.whoIs(), 'no cookie')
    assert.deepEqual((await stack.keysLike('sess:*')).filter((key) => !before.includes(key)), [], 'a session for nobody')
  }],

  ['unknown-session', 'a signed id without a session is anonymous, and is not adopted', async ({ stack, member }) => {
    const id = newId()
    unknown(await member.whoIs(stack.cookieOf(id)), 'no such session')
    assert.equal(await stack.redis.send('EXISTS', express(id), record(id)), 0, 'the id was adopted')
  }],

  ['cookie-vectors', 'accepts the cookies that express-session accepts, and no others', async ({ stack, member, say }) => {
    let id = newId()
    while (!isTelling(id, stack.secrets[0])) id = newId()
    const session = await stack.session({ id })
    const [first, second] = stack.secrets, wrong = []
    const expected = new Map(vectors('signed-cookies').presented.map((vector) => [vector.why, vector.id]))
    let asked = 0
    for (const { why, header, onlyFirst } of cookies(id, { first, second: second ?? 'no-second-secret-0123456789-0123456789', gone: 'a-secret-long-removed-0123456789abcdef' }, stack.cookieName)) {
      assert.ok(expected.has(why), `docs/vectors has no '${why}': generate it anew`)
      const ours = expected.get(why) !== null && expected.get(why) !== 'another-session-0123456789'
      if (why.includes('second secret') && (second === undefined) !== onlyFirst) continue
      const answer = await member.whoIs(header).catch((error) => ({ status: error.message, cookies: [] }))
      asked++
      const good = ours ? answer.status === 200 && answer.user?.subject === session.user.subject
        // A header of 256 KiB may be refused before anybody looks at it.
        : answer.status === 401 || (header.length > 8000 && answer.status >= 400 && answer.status < 500)
      if (!good || answer.cookies.length) wrong.push(`${why}: ${answer.status} instead of ${ours ? 200 : 401}`)
    }
    say(`${asked} cookies`)
    assert.deepEqual(wrong, [])
  }],

  ['forged-cookie-asks-nothing', 'a forged cookie costs no Redis command', async ({ stack, member, monitor }) => {
    const session = await stack.session()
    const forged = stack.cookieOf(session.id, 'a-secret-that-nobody-has-0123456789abc')
    const lines = await monitor(async () => unknown(await member.whoIs(forged), 'forged'))
    assert.deepEqual(lines.filter((line) => line.includes(session.id)), [], 'Redis was asked')
  }],

  ['ended', 'an ended session is anonymous', async ({ stack, member }) => {
    const session = await stack.session()
    known(await member.whoIs(session.cookie), session.user)
    await stack.end(session.id)
    await stack.allForgotten()
    unknown(await member.whoIs(session.cookie), 'it has ended')
  }],

  ['idle-timeout', 'activity restarts the idle timeout, and never beyond the absolute end', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('PEXPIRE', express(session.id), 10 * MINUTE)
    known(await member.whoIs(session.cookie), session.user)
    await eventually(async () => within(await stack.redis.send('PTTL', express(session.id)), 29 * MINUTE, 30 * MINUTE, 'the time to live in ms'))

    const ending = await stack.session({ until: Date.now() + 5 * MINUTE })
    await stack.redis.send('PEXPIRE', express(ending.id), MINUTE)
    known(await member.whoIs(ending.cookie), ending.user)
    await eventually(async () => within(await stack.redis.send('PTTL', express(ending.id)), 4 * MINUTE, 5 * MINUTE + 1000, 'the time to live in ms'))
  }],

  ['reading-writes-nothing', 'reading leaves every byte of sess:<id> unchanged', async ({ stack, member }) => {
    const session = await stack.session()
    const json = JSON.stringify({ ...JSON.parse(session.json), cart: { items: ['\u00e9cran', 2], 'a.b': null } })
    await stack.redis.send('SET', express(session.id), json, 'KEEPTTL')
    known(await member.whoIs(session.cookie), session.user)
    assert.equal(await stack.json(session.id), json)
  }],

  ['sign-in', 'a sign-in creates a new id, a valid cookie and sess:<id> as the contract specifies', async ({ stack, member, person }) => {
    const { id, answer, asked, cookie } = await member.signInAs(person)
    const query = new URL(asked).searchParams
    assert.equal(query.get('code_challenge_method'), 'S256', 'no PKCE with S256')
    assert.ok(query.get('redirect_uri').startsWith(stack.base + member.base + '/'), 'redirect_uri is elsewhere')
    const set = answer.cookies.findLast((text) => text.startsWith(stack.cookieName + '=')) // before it, others of the name may be deleted
    for (const attribute of ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(stack.base.startsWith('https') ? ['Secure'] : [])]) {
      assert.ok(set.split('; ').includes(attribute), `the cookie is not ${attribute}`)
    }
    assert.ok(!/Max-Age|Expires/i.test(set), 'the cookie has a limit of its own')
    assert.ok(!/Domain=/i.test(set) || stack.cookieName.startsWith('__Secure'), 'the cookie has a Domain (section 1)')
    assert.ok(set.length < 200, 'the cookie is too large')
    assert.match(id, member.level === 'member' ? /^[\w-]{43}$/ : /^[\w-]{32,128}$/, 'the id is none of 256 random bits (section 2)')
    assert.equal(decodeURIComponent(cookie), decodeURIComponent(stack.cookieOf(id)), 'the cookie is not signed with the first secret (section 2)')
    const session = JSON.parse(await stack.json(id))
    assert.deepEqual(violations(session, schema), [])
    assert.equal(session.passport.user.issuer, stack.issuer)
    within(session.sso.until - Date.now(), 479 * MINUTE, 480 * MINUTE, 'until, from now, in ms (the absolute timeout)')
    within(await stack.redis.send('PTTL', express(id)), 29 * MINUTE, 30 * MINUTE, 'the time to live in ms')
    assert.equal((await member.whoIs(cookie)).user?.name, person)
  }],

  ['host-is-not-believed', 'scheme and host are those of the base URL, whatever a request says', async ({ stack, member }) => {
    for (const headers of [{ Host: 'evil.test' }, { 'X-Forwarded-Host': 'evil.test', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '444' }, { Forwarded: 'host=evil.test;proto=https' }]) {
      const answer = await ask(member.direct.url(member.signIn), { headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', ...headers } }), { location } = answer.headers
      assert.ok(location || (answer.status >= 400 && answer.status < 500), `${JSON.stringify(headers)}: ${answer.status}`)
      if (!location) continue
      assert.ok(location.startsWith(stack.issuer), `${JSON.stringify(headers)}: the sign-in leads to ${location.slice(0, 60)} (section 1)`)
      const redirect = new URL(location).searchParams.get('redirect_uri')
      assert.ok(redirect.startsWith(`${stack.base}${member.base}/`), `${JSON.stringify(headers)}: redirect_uri is ${redirect} (section 1)`)
    }
  }],

  ['other-cookies', 'an id in another cookie, a header or the URL is ignored', async ({ stack, member }) => {
    const session = await stack.session(), value = session.cookie.slice(stack.cookieName.length + 1)
    for (const name of ['connect.sid', 'sid', 'session', 'SESSION', 'JSESSIONID', 'sso', '__Host-sso', '__Secure-sso']) {
      if (name !== stack.cookieName) unknown(await member.whoIs(`${name}=${value}`), `the cookie is called ${name} (section 1)`)
    }
    for (const headers of [{ 'X-Session': value }, { 'X-Session-Id': session.id }, { Authorization: `Bearer ${session.id}` }]) {
      assert.equal((await member.whoIs(undefined, headers)).status, 401, `the id is in ${Object.keys(headers)} (section 2)`)
    }
    const answer = await ask(`${member.url(member.me)}?${stack.cookieName}=${value}&sid=${session.id}`, { headers: { Accept: 'application/json' } })
    assert.equal(answer.status, 401, 'the id is in the URL (section 2)')
  }],

  ['forged-cookie-ends-nothing', 'a forged cookie signs nobody off, writes nothing, and no sign-in replaces its session', async ({ stack, member, person }) => {
    const session = await stack.session(), forged = stack.cookieOf(session.id, 'a-secret-that-nobody-has-0123456789abc')
    const lives = async (what) => {
      await stack.allForgotten()
      assert.equal((await member.whoIs(session.cookie)).status, 200, `${what} with a forged cookie has ended the session (section 2: it counts as none)`)
    }
    assert.ok((await member.postSignOff(forged)).status < 400, 'a sign-off without a session is no error (section 7)')
    await lives('a sign-off')
    if (member.attributes) assert.equal((await member.putAttribute(forged, 'color', 'red')).status, 401, 'attributes are written with a forged cookie (section 2)')
    await member.signInAs(person, new Browser().with(stack.cookieName, forged.slice(stack.cookieName.length + 1)))
    await lives('a sign-in')
  }],

  ['sign-in-anew', 'a sign-in over a session creates another id and ends the old session', async ({ stack, member, person, skip }) => {
    const before = await member.signInAs(person)
    const after = await member.signInAs(person, before.browser)
    if (!after.asked.startsWith(stack.issuer)) return skip('it sends who is signed in back to a page')
    assert.notEqual(after.id, before.id, 'the id stayed')
    unknown(await member.whoIs(before.cookie), 'replaced')
    assert.equal((await member.whoIs(after.cookie)).status, 200)
  }],

  ['return-paths', 'a sign-in returns to valid paths of this site only', async ({ stack, member, person, skip, say }) => {
    if (!member.return) return skip('member.json names no parameter for the way back: it has to return to a page of its own choice')
    const { browser } = await member.signInAs(person), wrong = []
    const to = async (path) => {
      const url = new URL(member.url(member.signIn))
      if (path !== undefined) url.searchParams.set(member.return, path)
      let answer = await browser.go(url.href)
      while (answer.location && !(answer.location + '/').startsWith(stack.base + '/')) {
        if (!answer.location.startsWith(stack.issuer)) return answer.location
        answer = await browser.go(answer.location)
      }
      if (!answer.location) return `no redirect, but ${answer.status}`
      // The provider has sent the browser to the callback, or the member has sent who is signed in on at once.
      return new URL(answer.location).pathname.endsWith('/callback') ? (await browser.go(answer.location)).location : answer.location
    }
    const home = await to()
    assert.ok(home.startsWith(stack.base + '/'), home)
    const { paths } = vectors('return-paths')
    for (const vector of paths) {
      const expected = vector.to === null ? home : new URL(vector.to, stack.base).href, there = await to(vector.path)
      if (there !== expected) wrong.push(`${JSON.stringify(vector.path)} leads to ${there}, not to ${expected} (section 6)`)
    }
    say(`${paths.length} paths`)
    assert.deepEqual(wrong, [])
  }],

  ['callback-in-another-browser', 'a callback in another browser than the sign-in started in signs nobody in', async ({ stack, member, person }) => {
    const { browser } = await member.signInAs(person)
    let page = await browser.with(stack.cookieName, '').go(member.url(member.signIn))
    while (page.location && !new URL(page.location).searchParams.has('code')) page = await browser.go(page.location)
    assert.ok(page.location?.startsWith(stack.base + member.base + '/'), 'the provider did not send the browser to the callback')
    const other = new Browser(), answer = await other.go(page.location)
    assert.ok(answer.status < 500, `${answer.status}`)
    const value = other.cookie(stack.cookieName)
    if (value) assert.equal((await member.whoIs(`${stack.cookieName}=${value}`)).status, 401, 'the other browser is signed in (section 6: state is bound to the browser)')
  }],

  ['callback-without-a-sign-in', 'a callback without a sign-in in progress creates no session', async ({ stack, member }) => {
    for (const query of ['code=stolen&state=made-up', 'code=stolen', 'state=x&state=y&code=a&code=b', 'error=access_denied&state=x', '']) {
      const answer = await ask(`${member.url(member.signIn)}/callback?${query}`, { headers: { Accept: 'text/html' } })
      assert.ok(answer.status < 500, `?${query}: ${answer.status}`)
      for (const set of answer.cookies.filter((text) => text.startsWith(stack.cookieName + '=s'))) {
        assert.equal((await member.whoIs(set.split(';')[0])).status, 401, `?${query}: somebody is signed in`)
      }
    }
  }],

  ['sign-off', 'a sign-off ends the session and clears the cookie, and may be repeated', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const answer = await member.postSignOff(cookie)
    assert.ok(answer.status < 400, `sign-off: ${answer.status}`)
    assert.equal(await stack.redis.send('EXISTS', express(id)), 0, 'sess: is still there')
    const cleared = answer.cookies.find((text) => text.startsWith(stack.cookieName + '=;'))
    assert.ok(cleared, 'the cookie was not cleared')
    assert.ok(/; *Max-Age=0(;|$)/i.test(cleared) || /; *Expires=/i.test(cleared), `a browser keeps it: ${cleared} (section 7, step 5)`)
    for (const attribute of ['Path=/', ...(stack.base.startsWith('https') ? ['Secure'] : [])]) assert.ok(cleared.split(/; */).includes(attribute), `the cookie is cleared without ${attribute}: a browser keeps it (section 7, step 5)`)
    unknown(await member.whoIs(cookie), 'signed off')
    assert.ok((await member.postSignOff(cookie)).status < 400, 'the second sign-off failed')
    assert.ok((await member.postSignOff('a=b')).status < 400, 'a sign-off without a session failed')
  }],

  ['sign-off-cross-site', 'only a POST from a page of this site signs off', async ({ stack, member }) => {
    const session = await stack.session()
    const { writes } = vectors('write-guard'), headersOf = ({ headers }) => Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace('<base>', stack.base)]))
    for (const write of writes.filter(({ accepted }) => !accepted)) {
      assert.equal((await member.postSignOff(session.cookie, headersOf(write))).status, 403, `${JSON.stringify(write.headers)} (section 7)`)
    }
    const got = await member.postSignOff(session.cookie, { 'Sec-Fetch-Site': 'same-origin' }, 'GET')
    assert.ok(got.status < 500, `a GET is a fault: ${got.status}`)
    assert.equal(await stack.redis.send('EXISTS', express(session.id)), 1, 'the session was ended')
    for (const write of writes.filter(({ accepted }) => accepted)) {
      const { status } = await member.postSignOff((await stack.session()).cookie, headersOf(write))
      assert.ok(status < 400, `${JSON.stringify(write.headers)}: ${status} (section 7)`)
    }
  }],

  ['redis-unavailable', 'while Redis does not answer, nobody is signed out', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.allForgotten()
    await stack.redis.send('CLIENT', 'PAUSE', 4000, 'ALL')
    const began = Date.now()
    const answer = await member.direct.whoIs(session.cookie).catch((error) => ({ status: error.message, cookies: [], headers: {} }))
    const took = Date.now() - began
    assert.notEqual(answer.status, 401, 'the user was taken for nobody')
    assert.deepEqual(answer.cookies, [], 'a Set-Cookie')
    if (member.level === 'member') {
      assert.equal(answer.status, 503)
      assert.ok(answer.headers['retry-after'], 'no Retry-After')
      within(took, 0, 3500, 'the time to say so, in ms')
    }
    await sleep(Math.max(0, 4200 - took))
    await eventually(async () => known(await member.whoIs(session.cookie), session.user))
  }]
]

/** Repeats what fails until it holds, for three seconds at most. */
export async function eventually (check, limit = 3000) {
  for (const end = Date.now() + limit; ;) {
    try { return await check() } catch (error) { if (Date.now() > end) throw error }
    await sleep(50)
  }
}
