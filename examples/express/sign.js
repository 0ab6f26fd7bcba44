// The session contract 1.0 (docs/session-contract.md), sections 6 and 7: how a session begins and how it is signed off.
import { randomBytes } from 'node:crypto'
import { keysOf, sha256 } from './contract.js'
import { IDLE, LONGEST_ACCESS_TOKEN, SKEW } from './sso.js'

const ABSOLUTE = 8 * 3600_000

/**
 * Begins a session of somebody whom the provider has just signed in.
 * @param signedIn {user: {provider, issuer, subject, sid, name, profile}, tokens, issuedAt} @param oldId what it replaces
 * @return its id; null when a sign-off came between
 */
export async function begin (sessions, { user, tokens, issuedAt }, device, secure, oldId) {
  const { provider, issuer, subject, sid, name, profile } = user
  const id = randomBytes(32).toString('base64url'), now = Date.now(), until = now + ABSOLUTE
  const cookie = { originalMaxAge: null, expires: null, ...(secure && { secure }), httpOnly: true, path: '/', sameSite: 'lax' }
  const express = { cookie, passport: { user: { issuer, subject, name, roles: [...tokens.roles].sort() } }, sso: { until } }
  const fields = ['v', 1, 'state', 'live', 'provider', provider, 'issuer', issuer, 'subject', subject, 'name', name,
    'profile', JSON.stringify(profile), 'created', now, 'until', until, 'seen', now, 'device', device.slice(0, 200), 'tokensRev', 1,
    ...(sid ? ['sid', sid] : []), ...sessions.tokenFields(id, tokens)]

  await sessions.run('index', ['idx:user:' + sha256(issuer, subject)], id, until)
  await sessions.run('index', ['idx:users'], `${name.replaceAll('\0', ' ')}\0${issuer}\0${subject}`, until)
  if (sid) await sessions.run('index', ['idx:sid:' + sha256(issuer, sid)], id, until)
  if (await sessions.run('create', keysOf(id), IDLE, until, JSON.stringify(express), ...fields) !== 1) throw new Error('256 random bits came twice')
  const ended = sid && await sessions.ask('GET', 'ended-sid:' + sha256(issuer, sid))
  const userEnded = await sessions.ask('GET', 'ended-sid:user:' + sha256(issuer, subject))
  if ((ended && issuedAt <= Number(ended) + SKEW) || (userEnded && issuedAt <= Number(userEnded))) {
    await sessions.end(id, 'replaced', 'user')
    return null
  }
  if (oldId) await sessions.end(oldId, 'replaced', 'user')
  return id
}

/** When it returns, no member accepts the session any more. May be asked again. */
export async function signOff (sessions, id) {
  const was = await sessions.end(id, 'signed-off', 'user', '', 1)
  if (was.outcome === 'ended' || ['signed-off', 'gone'].includes(was.endReason)) {
    await Promise.all([endSiblings(sessions, id, was), endAtProvider(sessions, id, was)])
  }
}

/** Tabs that signed in at once have a session each; they end with the provider session that they share. */
async function endSiblings (sessions, id, { issuer, sid }) {
  if (!sid) return
  const hash = sha256(issuer, sid)
  await sessions.run('mark-ended', ['ended-sid:' + hash], LONGEST_ACCESS_TOKEN)
  const ids = await sessions.ask('ZRANGE', 'idx:sid:' + hash, 0, -1)
  await Promise.all(ids.filter((other) => other !== id).map((other) => sessions.end(other, 'signed-off', 'user')))
  if (ids.length) await sessions.ask('ZREM', 'idx:sid:' + hash, ...ids)
}

async function endAtProvider (sessions, id, { refresh }) {
  try {
    if (!refresh) return
    await sessions.provider.endSession(sessions.seal.open(id, 'refresh', refresh))
    await sessions.run('provider-ended', keysOf(id).slice(1))
  } catch (error) {
    console.warn(`The provider's session goes on: ${error.message}`)
  }
}
