// The session contract 1.0 (docs/session-contract.md), sections 1 to 4: what needs no Redis.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { parse } from 'cookie'
import { sign, unsign } from 'cookie-signature'

export const FIELDS = ['v', 'provider', 'issuer', 'subject', 'sid', 'name', 'roles', 'profile', 'created', 'until', 'access',
  'refresh', 'accessExpires', 'tokensRev']
export const keysOf = (id) => [`sess:${id}`, `{sess:${id}}:sso`]
export const sha256 = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex')

export class Cookie {
  constructor (baseUrl, secrets) {
    this.secure = baseUrl.startsWith('https:')
    this.name = this.secure ? '__Host-sso' : 'sso'
    this.secrets = secrets.split(',')
  }

  /** The session id that a Cookie header carries; null for none that we signed. */
  idIn (header = '') {
    const value = parse(header)[this.name] ?? ''
    const id = value.startsWith('s:') && value.length <= 256 && this.secrets.map((secret) => unsign(value.slice(2), secret)).find(Boolean)
    return /^[\w-]{16,128}$/.test(id) ? id : null
  }

  set (id) { return this.#with(encodeURIComponent('s:' + sign(id, this.secrets[0]))) }
  clear () { return this.#with('; Max-Age=0') }
  #with (value) { return `${this.name}=${value}; Path=/; HttpOnly${this.secure ? '; Secure' : ''}; SameSite=Lax` }
}

export class Seal {
  constructor (keys) {
    this.keys = new Map(keys.split(',').map((key) => key.split(':')).map(([name, key]) => [name, Buffer.from(key, 'base64')]))
  }

  seal (id, field, text) {
    const [[name, key]] = this.keys, nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(place(id, field))
    return `${name}.${Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')}`
  }

  /** Throws when it was not sealed for that place with a key we have. */
  open (id, field, sealed) {
    const [name, text] = sealed.split('.'), all = Buffer.from(text, 'base64url')
    const cipher = createDecipheriv('aes-256-gcm', this.keys.get(name), all.subarray(0, 12), { authTagLength: 16 })
    cipher.setAAD(place(id, field)).setAuthTag(all.subarray(-16))
    return Buffer.concat([cipher.update(all.subarray(12, -16)), cipher.final()]).toString()
  }
}
const place = (id, field) => Buffer.from(`{sess:${id}}:sso\0${field}\x001`)

/** What leads elsewhere when some browser or server reads it: section 6, return paths. */
const LEADS_ELSEWHERE = /[\0-\x20\x7f\\]|\/\/|\/\.\.(\/|$)|%(?![0-9a-f]{2})|%[01][0-9a-f]|%(2f|5c|7f)|[^\0-\x7f\p{L}\p{Nd}]/iu

/** The path of this site to return to, as a URL; null for everything else. */
export function returnPath (text) {
  if (typeof text !== 'string' || text.length > 16_384 || text[0] !== '/') return null
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(text)
  if (LEADS_ELSEWHERE.test(path) || /[\0-\x20\x7f-\xa0\s]|#.*#/.test(rest)) return null
  for (let i = 0, seen = path; i < 3; i++) {
    seen = seen.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    if (/^\/[/\\\0-\x1f]/.test(seen)) return null
  }
  return text.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/["<>[\\\]^`{|}]|[^\0-\x7f]/gu, encodeURIComponent)
}

/** Reads both keys of a session that lives; throws when it is damaged. @param values of FIELDS */
export function parseRecord (id, json, values, seal) {
  const fields = Object.fromEntries(FIELDS.map((name, i) => [name, values[i]]))
  const user = JSON.parse(json).passport.user
  const roles = JSON.parse(fields.roles).sort(), profile = JSON.parse(fields.profile)
  const good = fields.v === '1' && user.issuer === fields.issuer && user.subject === fields.subject && !Array.isArray(profile) &&
    [fields.provider, fields.name, ...roles, ...Object.values(profile)].every((text) => typeof text === 'string') &&
    [fields.created, fields.until, fields.accessExpires, fields.tokensRev].every((number) => /^\d{1,15}$/.test(number))
  if (!good) throw new Error('a field is not what it should be')
  return {
    ...fields, id, roles, profile, accessExpires: Number(fields.accessExpires), access: fields.access && seal.open(id, 'access', fields.access),
    refresh: fields.refresh === null ? null : seal.open(id, 'refresh', fields.refresh)
  }
}
