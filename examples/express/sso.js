// The session contract 1.0 (docs/session-contract.md), section 5: reads sessions, refreshes their tokens, writes attributes.
// Without a memory (memory.js) each request asks Redis once, and every end is heard by asking.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { FIELDS, keysOf, parseRecord, sha256 } from './contract.js'
import { issuedAt } from './provider.js'

export const IDLE = 30 * 60_000, LONGEST_ACCESS_TOKEN = 15 * 60_000, SKEW = 30_000
const SIGN_IN_AGAIN = 60_000
const TOUCH_EVERY = 30_000, AHEAD = 15_000, LOCK = 5_000, WAIT = 5_000, LOOK_AGAIN = 40, SECOND_LOOK = 2_000, REDIS_LIMIT = 2_000
/** Redis or the provider could not be asked: 503, and nothing is deleted. */
export class Unavailable extends Error {}

export class Sessions {
  /** @param provider refresh(session), endSession(refreshToken) @param scripts folder of the .lua files @param service our name */
  constructor ({ redis, provider, seal, scripts, service }) {
    Object.assign(this, { redis, provider, seal, attributesField: `attr:${service}` })
    this.scripts = Object.fromEntries(readdirSync(scripts).map((file) => {
      const text = readFileSync(`${scripts}/${file}`)
      return [file.replace('.lua', ''), { text, sha: createHash('sha1').update(text).digest('hex') }]
    }))
  }

  async ask (...command) {
    let timer
    const limit = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error('no answer in time')), REDIS_LIMIT) })
    try {
      return await Promise.race([this.redis.sendCommand(command.map(String)), limit])
    } catch (error) {
      if (/^(NOSCRIPT|WRONGTYPE|ERR user_script)/.test(error.message)) throw error // about the data, not about Redis
      throw new Unavailable('Redis: ' + error.message)
    } finally { clearTimeout(timer) }
  }

  async run (script, keys, ...args) {
    const { text, sha } = this.scripts[script], rest = [keys.length, ...keys, ...args]
    return this.ask('EVALSHA', sha, ...rest).catch((error) => {
      if (error.message.startsWith('NOSCRIPT')) return this.ask('EVAL', text, ...rest)
      throw error
    })
  }

  /** The session with that id, its tokens refreshed if due; null for none. @param background whether it is no activity of its user */
  async find (id, background = false) {
    const known = id && this.memory?.get(id)
    if (known && !this.isDue(known)) return known
    const remember = this.memory?.reading()
    const session = id && await this.read(id, background ? -1 : TOUCH_EVERY)
    if (session && this.isDue(session)) return this.refreshed(session, Date.now() + WAIT)
    if (!background) remember?.(session) // or a real request after it would not count as activity
    return session
  }

  /** @param touch -1: does not count as activity */
  async read (id, touch = -1) {
    try {
      const [state, json, values] = await this.run('read', keysOf(id), IDLE, touch, ...FIELDS, this.attributesField)
      if (state !== 'live') return null
      return { ...parseRecord(id, json, values, this.seal), attributes: attributesIn(values[FIELDS.length]) }
    } catch (error) {
      if (error instanceof Unavailable) throw error
      console.warn(`Session ${sha256(id).slice(0, 12)} is damaged and counts as absent`)
      return null
    }
  }

  isDue (session) { return session.refresh !== null && Date.now() > session.accessExpires - AHEAD }
  hasExpired (session) { return Date.now() > session.accessExpires }

  /** Once in the whole fleet: who does not get the lock uses what the winner wrote. */
  async refreshed (session, deadline) {
    const lock = [`{sess:${session.id}}:refresh`], holder = randomUUID()
    if (await this.ask('SET', lock[0], holder, 'NX', 'PX', LOCK)) {
      const extending = setInterval(() => this.run('lock-extend', lock, holder, LOCK).catch(() => {}), LOCK / 3)
      try {
        const now = await this.read(session.id) // the winner before us may have written
        if (!now || !this.isDue(now)) return now
        return await this.ask('GET', signInKey(now.id)) === now.tokensRev ? this.#goingOn(now) : await this.grant(now)
      } finally {
        clearInterval(extending)
        this.run('lock-release', lock, holder).catch(() => {})
      }
    }
    if (!this.hasExpired(session)) return session
    if (Date.now() > deadline) throw new Unavailable('Somebody else is still refreshing the tokens')
    await sleep(LOOK_AGAIN)
    const now = await this.read(session.id)
    return now && this.hasExpired(now) ? this.refreshed(now, deadline) : now
  }

  async grant (session) {
    const { id, tokensRev } = session
    let tokens
    try {
      tokens = await this.provider.refresh(session)
    } catch (error) {
      if (error.error === 'invalid_grant') await this.refused(session)
      else if (error.error && ![408, 429].includes(error.status)) { // no retry would help: its user has to sign in again
        await this.ask('SET', signInKey(id), tokensRev, 'PX', SIGN_IN_AGAIN)
        return this.#goingOn(session)
      } else if (this.hasExpired(session)) throw new Unavailable('The provider could not refresh the tokens')
      return this.read(id)
    }
    const written = await this.run('write-tokens', keysOf(id).slice(1), tokensRev, ...this.tokenFields(id, tokens))
    if (written === -1) await this.provider.endSession(tokens.refresh) // a sign-off came between
    return this.read(id)
  }

  /** Tokens that nobody can refresh: good for as long as they last, then the request is one without a session. */
  #goingOn (session) { return this.hasExpired(session) ? null : session }

  /** Bearer tokens end with the session: all that the provider issued for it up to the last one, and none that it issues later. */
  async refused ({ id, tokensRev, issuer, sid, access }) {
    const { outcome } = await this.end(id, 'refresh-refused', 'provider', tokensRev)
    const last = issuedAt(access)
    if (outcome !== 'refreshed' && sid && last) await this.run('mark-ended', ['ended-sid:' + sha256(issuer, sid)], LONGEST_ACCESS_TOKEN, last - SKEW)
  }

  tokenFields (id, { access, accessExpires, refresh, roles, name, profile }) {
    return ['roles', JSON.stringify([...roles].sort()), 'access', this.seal.seal(id, 'access', access), 'accessExpires', accessExpires,
      ...(refresh ? ['refresh', this.seal.seal(id, 'refresh', refresh)] : []),
      ...(name ? ['name', name, 'profile', JSON.stringify(profile)] : [])]
  }

  /** Ends one session, and makes every memory forget it. @return what it was, with `outcome` */
  async end (id, reason, actor, tokensRev = '', keepRefresh = '') {
    const [outcome, pairs = []] = await this.run('end', keysOf(id), reason, actor, tokensRev, keepRefresh).catch((error) => this.#remove(id, error))
    setTimeout(() => this.read(id).catch(() => {}), SECOND_LOOK).unref() // a guest's write in flight has arrived by then
    const was = { outcome }
    for (let i = 0; i < pairs.length; i += 2) was[pairs[i]] = pairs[i + 1]
    const holders = await this.run('lease-holders', ['leases'])
    // Whoever does not confirm loses its lease; wait until the last of them has run out, a second at most. Without a transport: all.
    const silent = this.memory ? await this.memory.announce({ ...was, id }, reason, actor, holders) : holders
    if (silent.length) await sleep(await this.run('lease-revoke', ['leases'], ...silent))
    return was
  }

  /** What is no record cannot be marked as ended. It opens nothing, and it must not stay. */
  async #remove (id, error) {
    if (error instanceof Unavailable) throw error
    await this.ask('DEL', ...keysOf(id))
    return ['already']
  }

  /** Changes this service's attributes, an object of texts. False when the session has ended. */
  async change (id, change) {
    for (;;) {
      const before = await this.ask('HGET', keysOf(id)[1], this.attributesField) ?? ''
      const after = JSON.stringify(change(attributesIn(before)))
      if (Buffer.byteLength(after) > 8192) throw new RangeError('The attributes of one service take 8 KiB at most')
      const done = await this.run('write-attributes', keysOf(id), this.attributesField, before, after)
      this.memory?.forget(sha256(id))
      if (done !== 0) return done === 1
    }
  }
}

const signInKey = (id) => `{sess:${id}}:sign-in`

/** A service's attributes; none when they cannot be read. Nobody else writes them, and the next write begins anew. */
function attributesIn (json) {
  try {
    const all = JSON.parse(json)
    return Object.values(all).every((text) => typeof text === 'string') && !Array.isArray(all) && typeof all === 'object' ? all : {}
  } catch { return {} }
}
