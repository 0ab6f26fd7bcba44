// The contract once more, from its document and from no member's code, so that the two check each other.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import * as keycloak from './login.js'
import { sign } from '../../docs/vectors/generate/cookies.js'

export const MINUTE = 60_000
const scripts = new URL('../../session-contract/src/main/resources/org/acme/session/scripts/', import.meta.url)
export const texts = Object.fromEntries(readdirSync(scripts).map((file) => [file.replace('.lua', ''), readFileSync(new URL(file, scripts), 'utf8')]))
export const vectors = (name) => JSON.parse(readFileSync(new URL(`../../docs/vectors/${name}.json`, import.meta.url)))
export const schema = JSON.parse(readFileSync(new URL('../../docs/sess.schema.json', import.meta.url)))

export const sha256 = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex')
/** What a JWT says; nothing of a token that is none. */
export function claimsIn (token) {
  try { return JSON.parse(Buffer.from(token.split('.')[1], 'base64url')) } catch { return {} }
}
export const newId = () => randomBytes(32).toString('base64url')
export const express = (id) => `sess:${id}`
export const record = (id) => `{sess:${id}}:sso`
export const lock = (id) => `{sess:${id}}:refresh`

export class Stack {
  #owned = new Set()
  #undone = new Set()
  /** What no log may have: ids, and what was sealed. */
  secretsSeen = new Set()

  /** @param connect opens another connection to Redis @param login the provider's form, as in login.js */
  constructor (redis, connect, { base, issuer, secrets, sealKeys, login = keycloak }) {
    this.ownAddresses = new Set([redis.address])
    const connected = async () => {
      const another = await connect()
      this.ownAddresses.add(another.address)
      return another
    }
    Object.assign(this, { redis, connect: connected, base, issuer, secrets, login })
    this.cookieName = base.startsWith('https:') ? '__Host-sso' : 'sso'
    this.keys = sealKeys.map((key) => key.split(':')).map(([name, key]) => ({ name, key: Buffer.from(key, 'base64') }))
  }

  run (script, keys, ...args) { return this.redis.send('EVAL', texts[script], keys.length, ...keys, ...args) }
  cookieOf (id, secret = this.secrets[0]) { return `${this.cookieName}=${encodeURIComponent('s:' + sign(id, secret))}` }
  idIn (cookieValue) { return decodeURIComponent(cookieValue).replace(/^s:/, '').replace(/\.[^.]*$/, '') }

  seal (id, field, text, key = this.keys[0]) { return seal(key, `${record(id)}\0${field}\x001`, text) }
  open (id, field, sealed) { return open(this.keys, `${record(id)}\0${field}\x001`, sealed) }

  /** Ours from here on: it is gone when the check is over. @return the id */
  own (id) {
    this.#owned.add(id)
    this.secretsSeen.add(id)
    return id
  }

  /** Does the work, and undoes what was done for it before, also when somebody stops us meanwhile. */
  async during (undo, work) {
    this.#undone.add(undo)
    try { return await work() } finally {
      await undo()
      this.#undone.delete(undo)
    }
  }

  /** Somebody stops us. */
  async abandon () {
    for (const undo of this.#undone) await undo().catch(() => {})
    await this.cleanUp().catch(() => {})
  }

  /** Removes what the checks have made, indexes and marks included: nobody's list of sessions, or limit of them, is touched by us. */
  async cleanUp () {
    for (const id of this.#owned) {
      const fields = await this.fields(id).catch(() => ({}))
      await this.redis.send('DEL', express(id), record(id), lock(id), `{sess:${id}}:sign-in`)
      for (const field of ['access', 'refresh']) {
        try { this.secretsSeen.add(this.open(id, field, fields[field])) } catch {}
      }
      if (!fields.issuer) continue
      const [user, sid] = [sha256(fields.issuer, fields.subject), fields.sid && sha256(fields.issuer, fields.sid)]
      await this.redis.send('ZREM', 'idx:user:' + user, id)
      if (sid) {
        await this.redis.send('ZREM', 'idx:sid:' + sid, id)
        await this.redis.send('DEL', 'ended-sid:' + sid)
      }
      if (fields.subject?.startsWith('conform-')) await this.redis.send('ZREM', 'idx:users', `gus\0${fields.issuer}\0${fields.subject}`)
    }
    this.#owned.clear()
  }

  /** Writes a session as a sign-in does. @return {id, cookie, json, ...} */
  async session ({ id = newId(), until = Date.now() + 8 * 60 * MINUTE, fields = {}, subject = 'conform-' + newId().slice(0, 8), access = 'an-access-token', expires = until } = {}) {
    this.own(id)
    const user = { issuer: this.issuer, subject, name: 'conny', roles: ['user'] }, now = Date.now()
    const json = JSON.stringify({ cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/', sameSite: 'lax' }, passport: { user }, sso: { until } })
    const all = {
      v: 1, state: 'live', provider: 'keycloak', issuer: user.issuer, subject, sid: 'conform-' + id, name: user.name, roles: '["user"]', profile: '{"email":"conny@example.org"}',
      created: now, until, seen: now, device: 'conformance', tokensRev: 1, access: this.seal(id, 'access', access), accessExpires: expires, ...fields
    }
    for (const index of ['idx:user:' + sha256(user.issuer, subject), 'idx:sid:' + sha256(user.issuer, all.sid)]) await this.run('index', [index], id, until)
    const done = await this.run('create', [express(id), record(id)], 30 * MINUTE, until, json, ...Object.entries(all).flat())
    if (done !== 1) throw new Error('the session could not be written')
    return { id, cookie: this.cookieOf(id), json, user, sid: all.sid }
  }

  /** Writes both keys as they are, damage included. */
  async lay (id, json, fields) {
    await this.redis.send('SET', express(this.own(id)), json, 'PX', 30 * MINUTE)
    await this.redis.send('HSET', record(id), ...Object.entries(fields).flat())
    await this.redis.send('PEXPIRE', record(id), 60 * MINUTE)
    return { id, cookie: this.cookieOf(id), json }
  }

  async fields (id) {
    const pairs = await this.redis.send('HGETALL', record(id)), fields = {}
    for (let i = 0; i < pairs.length; i += 2) fields[pairs[i]] = pairs[i + 1]
    return fields
  }

  /** Moves the access token's end, as a refresh would. @return tokensRev from then on */
  async expire (id, inMillis = -1000) {
    const now = await this.run('write-tokens', [record(id)], (await this.fields(id)).tokensRev, 'accessExpires', Date.now() + inMillis)
    await this.allForgotten()
    return now
  }

  /** Nobody trusts a cache from here on, as after a sign-off. */
  async allForgotten () {
    const holders = await this.run('lease-holders', ['leases'])
    if (!holders.length) return
    const left = await this.run('lease-revoke', ['leases'], ...holders)
    await new Promise((resolve) => setTimeout(resolve, left))
  }

  json (id) { return this.redis.send('GET', express(id)) }
  end (id) { return this.run('end', [express(id), record(id)], 'signed-off', 'user', '', '') }

  async keysLike (pattern) {
    const found = []
    let cursor = '0'
    do {
      const [next, keys] = await this.redis.send('SCAN', cursor, 'MATCH', pattern, 'COUNT', 500)
      found.push(...keys)
      cursor = next
    } while (cursor !== '0')
    return found
  }
}

export function seal ({ name, key }, place, text) {
  const nonce = randomBytes(12), cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return name + '.' + Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Throws when it does not open. */
export function open (keys, place, sealed) {
  const dot = sealed.indexOf('.'), all = Buffer.from(sealed.slice(dot + 1), 'base64url')
  const { key } = keys.find(({ name }) => name === sealed.slice(0, dot))
  const cipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(place)).setAuthTag(all.subarray(-16))
  return Buffer.concat([cipher.update(all.subarray(12, -16)), cipher.final()]).toString()
}

/** What breaks the JSON Schema; the words of it that sess.schema.json uses. */
export function violations (value, rule, at = 'sess') {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  const wrong = []
  const types = [rule.type ?? []].flat()
  if (types.length && !types.includes(type) && !(type === 'integer' && types.includes('number'))) return [`${at} is ${type}, not ${types.join(' or ')}`]
  if ('const' in rule && value !== rule.const) wrong.push(`${at} is not ${rule.const}`)
  if (rule.enum && !rule.enum.includes(value)) wrong.push(`${at} is not one of ${rule.enum}`)
  if (type === 'string' && value.length < (rule.minLength ?? 0)) wrong.push(`${at} is empty`)
  if (type === 'integer' && (value < (rule.minimum ?? value) || value <= (rule.exclusiveMinimum ?? value - 1))) wrong.push(`${at} is too small`)
  if (type === 'array') value.forEach((item, i) => wrong.push(...violations(item, rule.items ?? {}, `${at}[${i}]`)))
  if (type === 'object') {
    for (const name of rule.required ?? []) if (!(name in value)) wrong.push(`${at}.${name} is missing`)
    for (const [name, inner] of Object.entries(rule.properties ?? {})) if (name in value) wrong.push(...violations(value[name], inner, `${at}.${name}`))
  }
  return wrong
}
