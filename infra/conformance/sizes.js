// What one session takes: in Redis, as Redis counts it, and in the browser.
import { express, record, sha256 } from './contract.js'

const SESSIONS = 20

/** Signs a person in again and again with one member, and prints the mean of what it left. */
export async function sizes (member, stack, person) {
  const total = {}
  const add = (what, bytes) => { total[what] = (total[what] ?? 0) + bytes / SESSIONS }
  for (let i = 0; i < SESSIONS; i++) {
    const { id, cookie } = await member.signInAs(person)
    const memory = async (key) => await stack.redis.send('MEMORY', 'USAGE', key, 'SAMPLES', 0) ?? 0
    const fields = await stack.fields(id)
    add('sess:<id>', await memory(express(id)))
    add('{sess:<id>}:sso', await memory(record(id)))
    if (fields.sid) add('idx:sid:<h>, its own', await memory('idx:sid:' + sha256(fields.issuer, fields.sid)))
    if (fields.access) {
      add('  of that, sealed access token', fields.access.length)
      add('  of that, sealed refresh token', fields.refresh?.length ?? 0)
    }
    add('cookie, name and value', cookie.length)
    await member.postSignOff(cookie)
    add('{sess:<id>}:sso once ended', await memory(record(id)))
  }
  console.log(`${member.name}: bytes of one session, mean of ${SESSIONS} sign-ins of ${person}`)
  for (const [what, bytes] of Object.entries(total)) console.log(`${String(Math.round(bytes)).padStart(7)}  ${what}`)
}
