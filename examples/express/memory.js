// The session contract 1.0 (docs/session-contract.md), section 8: what lets a member answer without asking Redis. It remembers
// sessions for as long as it holds a lease and hears itself on the channel, and forgets what an event says has ended.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { sha256 } from './contract.js'

const CHANNEL = 'session-events', SOURCE = 'urn:sso:instance:', TYPE = 'org.acme.session.'
const LEASE = 1_000, RENEW_EVERY = 300, BEAT_EVERY = 250, TRUSTED = 0.9, READ_AGAIN = 5_000, ACK_TIMEOUT = 250, MOST = 10_000, MOST_BEATS = 16
const clock = () => performance.now() // monotonic

export class Memory {
  instance = randomUUID() // new at each start
  #sessions = new Map() // SHA-256 of the id: {session, providerSession, until}
  #epoch = 0 // counts what was forgotten: a read that began before may be stale
  #leasedUntil = 0
  #heardUntil = 0
  #beats = new Map() // those under way: when each was sent
  #sequence = 0
  #waiting = new Map() // event id: function of an instance that has confirmed it

  /** @param redis a connected client @param run runs a script of the contract @param encryptionKey the first one: 32 bytes */
  constructor ({ redis, run, encryptionKey }) {
    Object.assign(this, { redis, run, key: createHmac('sha256', encryptionKey).update('session news').digest() })
  }

  async start () {
    this.listening = this.redis.duplicate()
    this.listening.on('error', (error) => console.error('events:', error.message))
    await this.listening.connect()
    await this.listening.subscribe(CHANNEL, (text) => this.#hear(text))
    setInterval(() => this.#beat(), BEAT_EVERY)
    setInterval(() => this.#renew().catch(() => {}), RENEW_EVERY) // without an answer the lease runs out by itself
  }

  get #trusted () { return clock() < Math.min(this.#leasedUntil, this.#heardUntil) }

  /** A session that needs no question to Redis; undefined for all others. */
  get (id) {
    const entry = this.#trusted ? this.#sessions.get(sha256(id)) : undefined
    return entry && clock() < entry.until ? entry.session : undefined
  }

  /** @return what remembers the session that a read finds, unless something was forgotten, or the lease was not held, since now */
  reading () {
    const epoch = this.#epoch, trusted = this.#trusted
    return (session) => {
      if (!session || !trusted || !this.#trusted || epoch !== this.#epoch) return
      if (this.#sessions.size >= MOST) this.#sessions.delete(this.#sessions.keys().next().value)
      const providerSession = session.sid && sha256(session.issuer, session.sid)
      this.#sessions.set(sha256(session.id), { session, providerSession, until: clock() + READ_AGAIN })
    }
  }

  /** When it returns, no request is answered from what was remembered. @param session, providerSession hashes */
  forget (session, providerSession) {
    this.#epoch++
    this.#sessions.delete(session)
    if (providerSession) for (const [hash, entry] of this.#sessions) if (entry.providerSession === providerSession) this.#sessions.delete(hash)
  }

  #forgetAll () {
    this.#epoch++
    this.#sessions.clear()
  }

  /** Tells the fleet. @param holders whose leases hold @return those of them that have not confirmed in time */
  async announce ({ id, issuer, sid }, reason, actor, holders) {
    const session = sha256(id), providerSession = sid && sha256(issuer, sid), event = randomUUID()
    this.forget(session, providerSession)
    const silent = new Set(holders.filter((name) => name !== this.instance))
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, ACK_TIMEOUT), done = () => { if (!silent.size) { clearTimeout(timer); resolve() } }
      this.#waiting.set(event, (name) => { silent.delete(name); done() })
      this.#publish(event, 'ended.v1', { session, ...(providerSession && { providerSession }), reason, actor })
      done()
    })
    this.#waiting.delete(event)
    return [...silent]
  }

  #hear (text) {
    try {
      const { id, type, source, data } = JSON.parse(text), from = source.slice(SOURCE.length)
      if (type === TYPE + 'heartbeat.v1' && from === this.instance) this.#heardMyself(data.sequence)
      if (type === TYPE + 'ended.v1' && from !== this.instance) {
        this.forget(data.session, data.providerSession)
        this.#publish(randomUUID(), 'forgotten.v1', { event: id, mac: this.#mac(this.instance, id) }) // only now
      }
      if (type === TYPE + 'forgotten.v1' && equal(data.mac, this.#mac(from, data.event))) this.#waiting.get(data.event)?.(from)
    } catch { console.warn('An event that cannot be read was ignored') }
  }

  #mac (instance, event) { return createHmac('sha256', this.key).update(`${instance}\0${event}`).digest('base64url') }

  #publish (id, type, data) {
    const event = { specversion: '1.0', source: SOURCE + this.instance, datacontenttype: 'application/json', id, type: TYPE + type, data }
    this.redis.sendCommand(['PUBLISH', CHANNEL, JSON.stringify(event)]).catch((error) => console.warn('An event was not sent:', error.message))
  }

  #beat () {
    this.#beats.set(++this.#sequence, clock())
    this.#beats.delete(this.#sequence - MOST_BEATS)
    this.#publish(randomUUID(), 'heartbeat.v1', { sequence: this.#sequence })
  }

  #heardMyself (sequence) {
    const sent = this.#beats.get(sequence)
    this.#beats.delete(sequence)
    if (sent !== undefined) this.#heardUntil = Math.max(this.#heardUntil, sent + LEASE * TRUSTED)
  }

  async #renew () {
    const before = clock()
    if (before >= this.#heardUntil) return
    const held = before < this.#leasedUntil
    if (!held) this.#forgetAll() // a gap: what ended in it was told to nobody
    const renewed = await this.run('lease-renew', ['leases'], this.instance, LEASE, held ? '1' : '')
    if (!renewed) this.#forgetAll()
    this.#leasedUntil = renewed ? before + LEASE * TRUSTED : 0
  }
}

const equal = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
