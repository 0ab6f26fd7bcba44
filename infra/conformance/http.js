// Asks like a browser, or like nobody's browser: headers go out as they are given.
import http from 'node:http'
import https from 'node:https'

const answers = []
/** @return what gives the answers from now on, with headers: {url, text} */
export function answersSince () {
  const from = answers.length
  return () => answers.slice(from)
}

/** @return {status, headers, body, cookies}; redirects are not followed */
export function ask (url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).request(url, { method, headers, timeout: 15_000 }, (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () => {
        const body = Buffer.concat(parts).toString()
        answers.push({ url, text: response.rawHeaders.join('\n') + '\n' + body })
        resolve({ status: response.statusCode, headers: response.headers, cookies: response.headers['set-cookie'] ?? [], body })
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 15 s')))
    request.on('error', reject)
    request.end(body)
  })
}

/** A person's browser: keeps cookies by path, and follows links. */
export class Browser {
  #cookies = new Map()

  constructor (userAgent = 'conformance') { this.userAgent = userAgent }

  async go (url, { method = 'GET', form, headers = {} } = {}) {
    const { pathname } = new URL(url)
    const cookie = [...this.#cookies.values()].filter(({ path }) => pathname.startsWith(path)).map(({ name, value }) => `${name}=${value}`).join('; ')
    const answer = await ask(url, {
      method,
      headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'User-Agent': this.userAgent, ...(cookie && { Cookie: cookie }),
        ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }), ...headers },
      body: form && new URLSearchParams(form).toString()
    })
    for (const set of answer.cookies) this.#keep(set)
    return { ...answer, url, location: answer.headers.location && new URL(answer.headers.location, url).href }
  }

  #keep (set) {
    const [pair, ...attributes] = set.split(/; */)
    const name = pair.slice(0, pair.indexOf('=')), value = pair.slice(pair.indexOf('=') + 1)
    const path = attributes.find((text) => /^path=/i.test(text))?.slice(5) ?? '/'
    const gone = attributes.some((text) => /^max-age=0$/i.test(text) || (/^expires=/i.test(text) && new Date(text.slice(8)) < new Date()))
    if (gone) this.#cookies.delete(name + path)
    else this.#cookies.set(name + path, { name, value, path })
  }

  cookie (name) { return [...this.#cookies.values()].find((cookie) => cookie.name === name)?.value }
  with (name, value) { this.#cookies.set(name + '/', { name, value, path: '/' }) ; return this }
}
