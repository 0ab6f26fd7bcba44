// Redis over one connection: RESP2, answers in the order of the questions.
import { connect } from 'node:net'

export class Redis {
  static async at (address) {
    const { hostname, port, username, password } = new URL(address)
    const socket = connect(Number(port), hostname)
    const redis = new Redis(socket)
    await redis.send('AUTH', decodeURIComponent(username), decodeURIComponent(password))
    return redis
  }

  #waiting = []
  #rest = Buffer.alloc(0)
  #heard = null

  constructor (socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', (error) => this.#waiting.splice(0).forEach(({ reject }) => reject(error)))
  }

  send (...command) {
    const parts = command.map((part) => Buffer.from(String(part)))
    this.socket.write(Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')])]))
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** What Redis is asked by anybody from now on, line by line, until stop() is called. */
  async monitor () {
    const lines = []
    await this.send('MONITOR')
    this.#heard = (line) => lines.push(String(line))
    return lines
  }

  /** @param onMessage what comes over that channel from now on, text by text */
  async subscribe (channel, onMessage) {
    await this.send('SUBSCRIBE', channel)
    this.#heard = ([kind, , text]) => { if (kind === 'message') onMessage(text) }
  }

  /** As Redis sees us. */
  get address () { return `${this.socket.localAddress}:${this.socket.localPort}` }

  close () { this.socket.destroy() }

  #read (bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (let found = answer(this.#rest, 0); found; found = answer(this.#rest, 0)) {
      this.#rest = this.#rest.subarray(found.end)
      const asked = this.#waiting.shift()
      if (!asked) this.#heard?.(found.value)
      else if (found.value instanceof Error) asked.reject(found.value)
      else asked.resolve(found.value)
    }
  }
}

/** The answer that begins there, and where it ends; null when it is not whole yet. */
function answer (bytes, at) {
  const end = bytes.indexOf('\r\n', at)
  if (end < 0) return null
  const text = bytes.toString('utf8', at + 1, end), next = end + 2
  switch (String.fromCharCode(bytes[at])) {
    case '+': return { value: text, end: next }
    case '-': return { value: new Error(text), end: next }
    case ':': return { value: Number(text), end: next }
    case '$': {
      const size = Number(text)
      if (size < 0) return { value: null, end: next }
      return bytes.length < next + size + 2 ? null : { value: bytes.toString('utf8', next, next + size), end: next + size + 2 }
    }
    default: {
      const items = []
      let item = { end: next }
      for (let i = 0; i < Number(text); i++) {
        item = answer(bytes, item.end)
        if (!item) return null
        items.push(item.value)
      }
      return { value: Number(text) < 0 ? null : items, end: item.end }
    }
  }
}
