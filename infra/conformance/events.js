// The events of section 8 over Redis pub/sub: another instance of the fleet, with a lease and a voice of its own.
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from './contract.js'

const CHANNEL = 'session-events', SOURCE = 'urn:sso:instance:', TYPE = 'org.acme.session.'

/** base64url(HMAC-SHA256(HMAC-SHA256(encryption key, "session news"), instance NUL event)) */
export function ackMac (encryptionKey, instance, event) {
  const key = createHmac('sha256', encryptionKey).update('session news').digest()
  return createHmac('sha256', key).update(`${instance}\0${event}`).digest('base64url')
}

export class Instance {
  name = 'conform-' + randomUUID()
  sequence = 0
  /** What was heard, in order: the events of others and our own, those that are none as null. */
  heard = []

  /** Joins, and leaves when the work is done. */
  static async during (stack, work) {
    const instance = new Instance()
    instance.stack = stack
    instance.listening = await stack.connect()
    try {
      await instance.listening.subscribe(CHANNEL, (text) => instance.#hear(text))
      return await work(instance)
    } finally {
      instance.listening.close()
      await stack.redis.send('ZREM', 'leases', instance.name, '!' + instance.name)
    }
  }

  #hear (text) {
    let event = null
    try { event = JSON.parse(text) } catch {}
    this.heard.push(event)
    this.onEvent?.(event)
  }

  say (text) { return this.stack.redis.send('PUBLISH', CHANNEL, text) }

  /** @return the event's id */
  async ended ({ id, sid, issuer = this.stack.issuer, reason = 'signed-off', actor = 'user' }) {
    const event = randomUUID()
    await this.#tell(event, 'ended.v1', { session: sha256(id), ...(sid && { providerSession: sha256(issuer, sid) }), reason, actor })
    return event
  }

  acknowledge (event, mac = ackMac(this.stack.keys[0].key, this.name, event)) { return this.#tell(randomUUID(), 'forgotten.v1', { event, mac }) }

  beat () { return this.#tell(randomUUID(), 'heartbeat.v1', { sequence: ++this.sequence }) }

  #tell (id, type, data) { return this.say(JSON.stringify({ specversion: '1.0', source: SOURCE + this.name, datacontenttype: 'application/json', id, type: TYPE + type, data })) }

  /** A lease that nobody renews. @return when it ends */
  async lease (millis) {
    const ends = Date.now() + millis
    await this.stack.redis.send('ZADD', 'leases', ends, this.name)
    await this.stack.redis.send('PEXPIRE', 'leases', millis + 10_000)
    return ends
  }

  /** Waits until one of the events that were heard is wanted. @return that one, or undefined after the limit */
  async hears (wanted, limit = 1000) {
    for (const end = Date.now() + limit; ;) {
      const found = this.heard.find((event) => event && wanted(event))
      if (found || Date.now() > end) return found
      await sleep(2)
    }
  }

  /** @return what an instance answered to that event, or undefined */
  acknowledgement (event, instance) { return this.hears((heard) => heard.type === TYPE + 'forgotten.v1' && heard.data?.event === event && heard.source === SOURCE + instance) }
  heartbeats (instance) { return this.heard.filter((event) => event?.type === TYPE + 'heartbeat.v1' && event.source === SOURCE + instance) }
  /** @return the event that says that this session has ended, or undefined */
  endOf (id, limit) { return this.hears((event) => event.type === TYPE + 'ended.v1' && event.data?.session === sha256(id) && event.source !== SOURCE + this.name, limit) }
}
