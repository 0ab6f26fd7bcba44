// What a member does when its provider answers otherwise than usual: asked with the kit between the two (infra/conform --between).
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, within } from './checks-guest.js'
import { express, lock, MINUTE, record } from './contract.js'
import { changed, forged } from './provider.js'

const later = (millis, answer) => async (form, pass) => {
  await sleep(millis)
  return typeof answer === 'function' ? answer(form, pass) : answer ?? pass()
}
const oauthError = (error, status = 400) => ({ status, body: { error } })
const breaks = () => { throw new Error('broken off') }

/** What no retry and no new sign-in is needed for. */
const FAILURES = {
  'a 500': () => ({ status: 500, body: { error: 'server_error' } }),
  'a 502 in HTML': () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' }),
  'a 503': () => ({ status: 503, headers: { 'retry-after': '1' }, body: '' }),
  'a 429': () => ({ status: 429, body: { error: 'slow_down' } }),
  'a 408': () => ({ status: 408, body: '' }),
  'a 200 in HTML': () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' }),
  'a 200 without tokens': () => ({ status: 200, body: {} }),
  'a broken connection': breaks
}

/** A check with a session whose access token has expired. */
const check = (work) => async (about) => {
  const { stack, member, person, skip } = about
  if (!stack.provider) return skip('the kit is not between it and its provider: infra/conform --between')
  const expired = async (inMillis) => {
    const { id, cookie } = await member.signInAs(person)
    await stack.expire(id, inMillis)
    return { id, cookie, before: await stack.fields(id) }
  }
  return work({ ...about, provider: stack.provider, expired })
}

export const providerChecks = [
  ['provider-fails', 'no failure of the provider ends the session: a valid token continues, an expired one is answered with 503', check(async ({ stack, member, provider, expired, say }) => {
    const wrong = []
    for (const [what, refresh] of Object.entries(FAILURES)) {
      const session = await expired(), due = await expired(8_000)
      await provider.during({ refresh }, async () => {
        const answer = await member.direct.whoIs(session.cookie)
        if (answer.status !== 503) wrong.push(`${what}: ${answer.status} instead of 503 with an expired token`)
        else if (!answer.headers['retry-after']) wrong.push(`${what}: 503 without Retry-After`)
        if (answer.cookies.length) wrong.push(`${what}: a Set-Cookie`)
        const going = await member.whoIs(due.cookie)
        if (going.status !== 200) wrong.push(`${what}: ${going.status} instead of 200 with a token that is valid for 8 s more`)
      })
      for (const { id, before } of [session, due]) {
        const { state, refresh, tokensRev } = await stack.fields(id)
        if (state !== 'live' || refresh !== before.refresh || tokensRev !== before.tokensRev) wrong.push(`${what}: the session is ${state}, its tokens ${tokensRev === before.tokensRev ? 'the same' : 'others'}`)
      }
    }
    say(Object.keys(FAILURES).length + ' failures')
    assert.deepEqual(wrong, [], 'section 5, refresh: only invalid_grant ends the session')
  })],

  ['provider-recovers', 'once the provider is back, the same cookie is refreshed', check(async ({ stack, member, provider, expired }) => {
    const { id, cookie, before } = await expired()
    await provider.during({ refresh: FAILURES['a 500'] }, () => member.whoIs(cookie))
    await eventually(async () => assert.equal((await member.whoIs(cookie)).status, 200), 10_000)
    assert.equal(Number((await stack.fields(id)).tokensRev), Number(before.tokensRev) + 1)
  })],

  ['provider-refuses', 'invalid_grant ends the session with any 4xx status, unless another refresh has succeeded meanwhile', check(async ({ stack, member, provider, expired }) => {
    for (const status of [400, 401, 403]) {
      const { id, cookie } = await expired()
      await provider.during({ refresh: () => oauthError('invalid_grant', status) }, () => member.whoIs(cookie))
      const { state, endReason, endActor } = await stack.fields(id)
      assert.deepEqual([state, endReason, endActor], ['ended', 'refresh-refused', 'provider'], `invalid_grant with ${status} (section 5, refresh)`)
    }
    const { id, cookie, before } = await expired()
    await provider.during({ refresh: later(800, oauthError('invalid_grant')) }, async () => {
      const asked = member.whoIs(cookie)
      await eventually(async () => assert.equal(provider.count('refresh'), 1))
      await stack.run('write-tokens', [record(id)], before.tokensRev, 'accessExpires', Date.now() + 5 * MINUTE)
      assert.equal((await asked).status, 200, 'the tokens of the other refresh were not used (section 5, a refused refresh, step 1)')
    })
    assert.equal((await stack.fields(id)).state, 'live', 'a refresh came in between, and the session has ended (section 5, a refused refresh, step 1)')
  })],

  ['provider-other-oauth-error', 'another OAuth error asks the user to sign in, and the provider only once a minute', check(async ({ stack, member, provider, expired }) => {
    for (const [what, answer] of [['unauthorized_client', oauthError('unauthorized_client')], ['invalid_client with 401', oauthError('invalid_client', 401)]]) {
      const { id, cookie, before } = await expired()
      await provider.during({ refresh: () => answer }, async () => {
        assert.equal((await member.whoIs(cookie)).status, 401, `${what}: the request is one without a session (section 5, refresh)`)
        assert.equal(await stack.redis.send('GET', `{sess:${id}}:sign-in`), before.tokensRev, `${what}: {sess:<id>}:sign-in (section 5, refresh)`)
        within(await stack.redis.send('PTTL', `{sess:${id}}:sign-in`), 1000, MINUTE, `${what}: its time to live in ms`)
        const asked = provider.count('refresh')
        await member.whoIs(cookie)
        assert.equal(provider.count('refresh'), asked, `${what}: the provider is asked again (section 5, refresh)`)
      })
      assert.equal((await stack.fields(id)).state, 'live', `${what}: the session has ended (section 5, refresh)`)
    }
  })],

  ['provider-asked-once', 'of 20 requests with an expired token one asks the provider, and its new refresh token is kept', check(async ({ stack, member, provider, expired }) => {
    const { id, cookie } = await expired()
    await provider.during({ refresh: later(300) }, async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => member.whoIs(cookie)))
      assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 200), [], 'not all were answered')
      assert.equal(provider.count('refresh'), 1, 'the provider was asked more than once (section 5, refresh)')
      const { refresh_token: issued, access_token: access } = JSON.parse(provider.asked.find(({ kind }) => kind === 'refresh').answer.body), fields = await stack.fields(id)
      assert.equal(stack.open(id, 'refresh', fields.refresh), issued, 'the refresh token that the provider issued was not kept')
      assert.equal(stack.open(id, 'access', fields.access), access, 'the access token that the provider issued was not kept')
    })
  })],

  ['provider-keeps-the-refresh-token', 'without a new refresh token or ID token, the old values stay', check(async ({ stack, member, provider, expired }) => {
    const { id, cookie, before } = await expired()
    await provider.during({ refresh: changed((json) => { delete json.refresh_token; delete json.id_token }) }, async () => assert.equal((await member.whoIs(cookie)).status, 200))
    const after = await stack.fields(id)
    assert.ok(after.refresh, 'the refresh token is gone (section 5, refresh)')
    assert.equal(stack.open(id, 'refresh', after.refresh), stack.open(id, 'refresh', before.refresh), 'the refresh token is another (section 5, refresh)')
    for (const name of ['name', 'profile', 'subject', 'sid', 'authenticated', 'acr']) assert.equal(after[name], before[name], `${name} has changed without an ID token (section 5, refresh)`)
  })],

  ['provider-is-slow', 'the lock is held while the provider takes its time', check(async ({ stack, member, provider, expired }) => {
    const { id, cookie } = await expired()
    await provider.during({ refresh: later(3800) }, async () => {
      const asked = member.whoIs(cookie)
      await eventually(async () => assert.equal(provider.count('refresh'), 1))
      const began = Date.now()
      while (Date.now() - began < 3300) {
        assert.ok(await stack.redis.send('PTTL', lock(id)) > 2000, `after ${Date.now() - began} ms the lock is about to run out: it was not extended (section 5, refresh, step 3)`)
        await sleep(100)
      }
      await asked
      assert.equal(provider.count('refresh'), 1, 'the provider was asked again (section 5, refresh, step 3)')
    })
  })],

  ['sign-off-during-a-refresh', "a sign-off during a refresh prevails: no tokens are written, and the provider's session ends with the new refresh token", check(async ({ stack, member, provider, expired }) => {
    const { id, cookie } = await expired()
    await provider.during({ refresh: later(600) }, async () => {
      const asked = member.whoIs(cookie)
      await eventually(async () => assert.equal(provider.count('refresh'), 1))
      await stack.run('end', [express(id), record(id)], 'signed-off', 'user', '', '1')
      assert.equal((await asked).status, 401, 'it has ended')
      const { refresh_token: issued } = JSON.parse(provider.asked.find(({ kind }) => kind === 'refresh').answer.body)
      await eventually(async () => assert.ok(provider.asked.some(({ kind, form }) => kind === 'logout' && form.refresh_token === issued), 'the provider\u2019s session was not ended with the new refresh token (section 5, refresh, step 4)'))
    })
    const { state, access } = await stack.fields(id)
    assert.deepEqual([state, access], ['ended', undefined], 'tokens of an ended session (section 5, the tombstone)')
  })],

  ['replaced-during-a-refresh', "a refresh of a session that a new sign-in has replaced leaves the provider's session alone: the new session belongs to it", check(async ({ stack, member, provider, expired }) => {
    const { id, cookie } = await expired()
    await provider.during({ refresh: later(600) }, async () => {
      const asked = member.whoIs(cookie)
      await eventually(async () => assert.equal(provider.count('refresh'), 1))
      await stack.run('end', [express(id), record(id)], 'replaced', 'user', '', '')
      assert.equal((await asked).status, 401, 'it has ended')
      await eventually(async () => assert.equal(await stack.redis.send('EXISTS', lock(id)), 0))
      assert.equal(provider.count('logout'), 0, 'the provider\u2019s session was ended (section 5, refresh, step 4)')
    })
    const { state, access } = await stack.fields(id)
    assert.deepEqual([state, access], ['ended', undefined], 'tokens of an ended session (section 5, the tombstone)')
  })],

  ['newer-tokens', 'a late refresh overwrites no newer tokens', check(async ({ stack, member, provider, expired }) => {
    const { id, cookie, before } = await expired()
    let rev
    await provider.during({ refresh: later(600) }, async () => {
      const asked = member.whoIs(cookie)
      await eventually(async () => assert.equal(provider.count('refresh'), 1))
      rev = await stack.run('write-tokens', [record(id)], before.tokensRev, 'accessExpires', Date.now() + 5 * MINUTE)
      await asked
    })
    assert.equal(Number((await stack.fields(id)).tokensRev), rev, 'newer tokens were overwritten (section 5, refresh, step 4)')
  })],

  ['provider-fails-at-sign-in', 'a provider that fails at the callback signs nobody in', check(async ({ member, person, provider }) => {
    for (const [what, code] of Object.entries({ ...FAILURES, invalid_grant: () => oauthError('invalid_grant'), invalid_client: () => oauthError('invalid_client', 401) })) {
      await provider.during({ code }, async () => {
        const { message } = await member.signInAs(person).then(() => ({ message: 'somebody is signed in' }), (error) => error)
        assert.match(message, /no session cookie/, what)
        assert.doesNotMatch(message, /: 500 /, `${what}: the callback is a fault`)
      })
    }
  })],

  ['id-token-claims', 'an ID token with a wrong nonce, audience, issuer, expiry or subject signs nobody in', check(async ({ member, person, provider }) => {
    const WRONG = {
      'another nonce': (claims) => { claims.nonce = 'of-somebody-else' },
      'no nonce': (claims) => { delete claims.nonce },
      'another audience': (claims) => { claims.aud = 'another-client'; claims.azp = 'another-client' },
      'another issuer': (claims) => { claims.iss = 'https://evil.test' },
      'an end in the past': (claims) => { claims.exp = claims.iat - 3600 },
      'no subject': (claims) => { delete claims.sub }
    }
    for (const [what, change] of Object.entries(WRONG)) {
      const code = changed((json) => { json.id_token = forged(json.id_token, change) })
      await provider.during({ code }, () => assert.rejects(member.signInAs(person), /no session cookie came back/, `${what}: somebody is signed in (section 6)`))
    }
  })],

  ['provider-unavailable-at-sign-off', 'an unavailable provider prevents no sign-off, and the refresh token is kept for a repetition', check(async ({ stack, member, person, provider }) => {
    for (const logout of [FAILURES['a 500'], breaks]) {
      const { id, cookie } = await member.signInAs(person)
      await provider.during({ logout }, async () => {
        assert.ok((await member.postSignOff(cookie)).status < 400, 'the sign-off failed with the provider (section 7)')
        const { state, refresh } = await stack.fields(id)
        assert.equal(state, 'ended')
        assert.ok(refresh, 'the refresh token is gone though the provider confirmed nothing (section 7, step 4)')
      })
      await member.postSignOff(cookie) // the second one tells the provider
    }
  })]
]
