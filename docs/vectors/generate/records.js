// Sessions as they may lie in Redis: of this version, older, newer, rewritten by a guest, damaged. `reads` is what a member
// makes of one; null: it counts as absent, its user signs in anew, and nothing fails.

const USER = {
  provider: 'keycloak', issuer: 'https://provider.test/realms/sso', subject: '248289761001', sid: 'the-sid', name: 'alice',
  roles: ['admin', 'user'], profile: { email: 'alice@example.org' }
}

/** In the year 2100, so that a session of the vectors lives and wants no refresh. */
const END = '4102444800000'

/** @param express the JSON of `sess:<id>` @param seal (text, place) => sealed text */
export function records (id, express, seal) {
  const redisKey = `{sess:${id}}:sso`
  const sealed = (field, text, version = '1') => seal(text, { redisKey, field, version })
  const whole = {
    v: '1', state: 'live', provider: USER.provider, issuer: USER.issuer, subject: USER.subject, sid: USER.sid, name: USER.name,
    roles: JSON.stringify(USER.roles), profile: JSON.stringify(USER.profile), created: '1767225600123', until: END,
    seen: '1767225600123', device: 'Firefox', access: sealed('access', 'the-access'), refresh: sealed('refresh', 'the-refresh'),
    accessExpires: END, tokensRev: '1'
  }
  const reads = { ...USER, access: 'the-access', refresh: 'the-refresh', tokensRev: 1 }
  const without = (...names) => Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))
  const json = change => { const session = JSON.parse(express); change(session); return JSON.stringify(session) }
  const list = []
  const add = (why, fields, expected, text = express) => list.push({ why, express: text, fields, reads: expected })

  add('as a sign-in writes it', whole, reads)
  add('no provider session', without('sid'), { ...reads, sid: null })
  add('no refresh token', without('refresh'), { ...reads, refresh: null })
  add('no tokens: a guest began it', { ...without('refresh', 'sid'), access: '' }, { ...reads, sid: null, access: '', refresh: null })
  add('with the network of its sign-in', { ...whole, address: '192.0.2.0/24' }, reads)
  add('with the time and way of its sign-in', { ...whole, authenticated: '1767225540000', acr: 'gold' }, reads)
  add('no device, never touched', without('device', 'seen'), reads)
  add('no roles, no profile', { ...whole, roles: '[]', profile: '{}' }, { ...reads, roles: [], profile: {} })
  add('roles out of order', { ...whole, roles: '["user","admin"]' }, reads)
  add('fields of a later version 1', { ...whole, loa: '2', 'attr:notes': '{"draft":"1"}', 'x-trace': '\u00fc' }, reads)
  add('refreshed many times', { ...whole, tokensRev: '4711' }, { ...reads, tokensRev: 4711 })
  add('names beyond ASCII', { ...whole, name: '\u00c4lice \u{1F511}', profile: '{"given_name":"\\u00c4lice \\"A\\""}' },
    { ...reads, name: '\u00c4lice \u{1F511}', profile: { given_name: '\u00c4lice "A"' } })
  add('a guest has added to its key', whole, reads, json(s => { s.cart = { items: ['\u00e9cran', 2], 'a.b': null } }))
  add('a guest has made the cookie its own', whole, reads, json(s => { s.cookie = { originalMaxAge: 60000, expires: null } }))
  add("what a guest's key says of roles and name counts for nothing", whole, reads,
    json(s => { s.passport.user.roles = ['admin', 'root']; s.passport.user.name = 'mallory' }))
  add("unknown fields of the guest's user", whole, reads, json(s => { s.passport.user.nickname = 'al'; s.sso.more = [1] }))

  add('the next major version', { ...whole, v: '2' }, null)
  add('a version that is no number', { ...whole, v: '1.1' }, null)
  add('ended', { ...without('access', 'refresh', 'name', 'roles', 'profile'), state: 'ended', endReason: 'signed-off', endActor: 'user', endedAt: '1767225700000' }, null)
  add('a state that this version does not know', { ...whole, state: 'locked' }, null)
  for (const name of ['v', 'state', 'provider', 'issuer', 'subject', 'name', 'roles', 'profile', 'created', 'until', 'accessExpires', 'tokensRev']) {
    add(`without ${name}`, without(name), null)
  }
  add('roles are no JSON', { ...whole, roles: 'admin,user' }, null)
  add('roles are no list', { ...whole, roles: '{"admin":true}' }, null)
  add('profile is a list', { ...whole, profile: '["email"]' }, null)
  add('a time that is none', { ...whole, created: 'yesterday' }, null)
  add('sealed with a key that nobody has', { ...whole, access: 'gone.' + whole.access.split('.')[1] }, null)
  add('sealed for another field', { ...whole, access: whole.refresh }, null)
  add('sealed for another version', { ...whole, access: sealed('access', 'the-access', '2') }, null)
  add('a sealed token cut off', { ...whole, access: whole.access.slice(0, -4) }, null)
  add('a token in the clear', { ...whole, access: 'the-access' }, null)
  add('a sealed token of nothing', { ...whole, refresh: '' }, null)
  add('the guest key names another subject', whole, null, json(s => { s.passport.user.subject = 'another' }))
  add('the guest key names another issuer', whole, null, json(s => { s.passport.user.issuer = 'https://evil.test' }))
  add('the guest key names nobody', whole, null, json(s => { delete s.passport }))
  add('the guest key is no JSON', whole, null, express.slice(0, -1))
  add('the guest key is a list', whole, null, '[]')
  add('the guest key is null', whole, null, 'null')
  return list
}
