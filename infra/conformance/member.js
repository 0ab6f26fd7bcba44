// A service under test, by its member.json: where it answers what.
import { readFileSync } from 'node:fs'
import { ask, Browser } from './http.js'

const NEEDED = ['name', 'level', 'base', 'me', 'signIn', 'signOff']

/** What a person reads. */
const textOf = (page) => page.body.replace(/<(head|script|style)[\s\S]*?<\/\1>|<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200)

/** One sign-in after the other: Keycloak refuses a user's second attempt while it is busy with the first. */
let last = Promise.resolve()
function oneAtATime (work) {
  const done = last.then(work)
  last = done.catch(() => {})
  return done
}

export class Member {
  static read (file, stack) {
    const said = JSON.parse(readFileSync(file))
    const missing = NEEDED.filter((name) => typeof said[name] !== 'string')
    if (missing.length) throw new Error(`${file} says nothing of: ${missing.join(', ')}`)
    if (!['guest', 'member'].includes(said.level)) throw new Error(`${file}: level is guest or member`)
    return new Member(said, stack)
  }

  constructor (said, stack) { Object.assign(this, said, { stack }) }

  url (path) { return `${this.stack.base}${this.base}/${path}` }

  /** Without the proxy, whose 503 is none of the member's; where that is known. */
  get direct () { return this.stack.direct ? Object.assign(Object.create(this), { url: (path) => `${this.stack.direct}${this.base}/${path}` }) : this }

  /** Who am I? @param cookie a Cookie header */
  async whoIs (cookie, headers = {}) {
    const answer = await ask(this.url(this.me), { headers: { Accept: 'application/json', ...(cookie && { Cookie: cookie }), ...headers } })
    let user = null
    try { user = JSON.parse(answer.body) } catch {}
    return { ...answer, user }
  }

  putAttribute (cookie, name, text, headers = { Origin: this.stack.base }) {
    return ask(this.url(`${this.attributes}/${name}`), { method: 'PUT', headers: { Cookie: cookie, 'Content-Type': 'text/plain', ...headers }, body: text })
  }

  postSignOff (cookie, headers = { 'Sec-Fetch-Site': 'same-origin' }, method = 'POST') {
    return ask(this.url(this.signOff), { method, headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', ...headers } })
  }

  /** Signs a person in with a password, as far as the page after the callback. @return {browser, cookie, id, asked, answer} */
  async signInAs (person, browser = new Browser()) {
    const before = browser.cookie(this.stack.cookieName)
    let page = await browser.go(this.url(this.signIn))
    const asked = page.location
    const { login } = this.stack
    let askedForPassword = false
    const isCallback = (url) => url.startsWith(this.url('')) && new URL(url).searchParams.has('code')
    for (let i = 0; i < 20 && !isCallback(page.url); i++) {
      if (page.location) page = await browser.go(page.location)
      else if (!askedForPassword && login.asksForPassword(page)) {
        askedForPassword = true
        const form = page
        page = await oneAtATime(async () => {
          const answer = await login.signIn(browser, form, person)
          return answer.location ? browser.go(answer.location) : answer
        })
      } else break
    }
    const value = browser.cookie(this.stack.cookieName)
    // Who is signed in may be sent home instead of to the provider.
    const sentHome = asked && !asked.startsWith(this.stack.issuer)
    if (!value || (value === before && !sentHome)) throw new Error(`no session cookie came back from the callback: ${page.status} at ${new URL(page.url).pathname}: ${textOf(page)}`)
    return { browser, asked, askedForPassword, answer: page, id: this.stack.own(this.stack.idIn(value)), cookie: `${this.stack.cookieName}=${value}` }
  }}
