// The session contract 1.0 (docs/session-contract.md), section 6: a session that a guest began becomes one of ours.
import { keysOf, sha256 } from './contract.js'
import { IDLE } from './sso.js'

const ABSOLUTE = 8 * 3600_000
/** The roles that a guest may grant: it says itself who its user is, and with which roles. */
const GRANTED = ['user']

/** @param issuer the one provider whose users a guest may name @return whether there is a record now */
export async function adopt (sessions, id, provider, issuer) {
  const json = await sessions.ask('GET', keysOf(id)[0]).catch((error) => { if (/^WRONGTYPE/.test(error.message)) return null; throw error })
  const guest = guestIn(json), now = Date.now()
  if (!guest || guest.issuer !== issuer || guest.until <= now) return false
  const until = Math.min(guest.until, now + ABSOLUTE)
  const fields = ['v', 1, 'state', 'live', 'provider', provider, 'issuer', issuer, 'subject', guest.subject, 'name', guest.name,
    'roles', JSON.stringify(guest.roles.filter((role) => GRANTED.includes(role)).sort()), 'profile', '{}', 'created', now, 'until', until, 'seen', now,
    'access', '', 'accessExpires', until, 'tokensRev', 1]
  await sessions.run('index', ['idx:user:' + sha256(issuer, guest.subject)], id, until)
  await sessions.run('index', ['idx:users'], `${guest.name}\0${issuer}\0${guest.subject}`, until)
  await sessions.run('adopt', keysOf(id), json, IDLE, until, ...fields)
  return true // also when somebody was faster: it is read again
}

function guestIn (json) {
  try {
    const { passport: { user: { issuer, subject, name = subject, roles = [] } }, sso: { until } } = JSON.parse(json)
    return [issuer, subject, name, ...roles].every((text) => typeof text === 'string' && text && !text.includes('\0')) && Number.isSafeInteger(until)
      ? { issuer, subject, name, roles, until } : null
  } catch { return null }
}
