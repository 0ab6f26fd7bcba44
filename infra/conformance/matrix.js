// Every ordered choice of who signs in, who knows, who refreshes and who signs off. Guests do all but refresh.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { record } from './contract.js'

/** So many at once: most of a choice is waiting for leases to run out. */
const AT_ONCE = 8

export async function matrix (members, stack, file, person) {
  const choices = [...everyChoice(members)], failures = [], held = new Map(), began = Date.now()
  const total = choices.length
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let choice = choices.shift(); choice; choice = choices.shift()) {
      const { begins, knows, refreshes, ends } = choice
      try {
        await story({ ...choice, members, stack, person })
        const key = `${begins.name} ${ends.name}`
        held.set(key, (held.get(key) ?? 0) + 1)
      } catch (error) {
        failures.push(`${[begins, knows, refreshes, ends].map((member) => member?.name ?? '-').join(', ')}: ${error.message.split('\n')[0]}`)
        console.log(`FAIL signs in, knows, refreshes, signs off = ${failures.at(-1)}`)
      }
      if (choices.length % 50 === 0) console.log(`${total - choices.length} of ${total}`)
    }
  }))
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(`${total} choices, ${failures.length} failed, ${seconds} s`)
  writeFileSync(file, report(members, held, total, failures, seconds))
  return failures.length
}

/** Without a refresh token there is nothing to refresh: a guest's session has no third part. */
function * everyChoice (members) {
  const full = members.filter(({ level }) => level === 'member')
  for (const begins of members) {
    for (const knows of members) {
      for (const refreshes of begins.level === 'member' ? full : [null]) {
        for (const ends of members) yield { begins, knows, refreshes, ends }
      }
    }
  }
}

async function story ({ begins, knows, refreshes, ends, members, stack, person }) {
  const { id, cookie } = await begins.signInAs(person)
  const is200 = async (member, what) => {
    const answer = await member.whoIs(cookie)
    assert.equal(answer.status, 200, `${what}: ${member.name} answers ${answer.status}`)
    assert.equal(answer.user.name, person)
  }
  await is200(knows, 'after the sign-in')
  if (refreshes) {
    const before = Number(await stack.redis.send('HGET', record(id), 'tokensRev'))
    const expired = await stack.run('write-tokens', [record(id)], before, 'accessExpires', Date.now() - 1000)
    await stack.allForgotten()
    await is200(refreshes, 'with an expired token')
    assert.equal(Number(await stack.redis.send('HGET', record(id), 'tokensRev')), expired + 1, 'not refreshed once')
    await is200(knows, 'after the refresh')
  }
  assert.ok((await ends.postSignOff(cookie)).status < 400, 'the sign-off failed')
  // A guest reaches no cache: members with one read again within five seconds.
  if (ends.level === 'guest') await stack.allForgotten()
  for (const member of members) assert.equal((await member.whoIs(cookie)).status, 401, `after the sign-off ${member.name} still knows`)
}

function report (members, held, total, failures, seconds) {
  const names = members.map(({ name }) => name)
  const rows = names.map((begins) => `| **${begins}** | ${names.map((ends) => held.get(`${begins} ${ends}`) ?? 0).join(' | ')} |`)
  return `Choices that held, by who signed in (rows) and who signed off (columns):

| | ${names.join(' | ')} |
|---|${names.map(() => '---').join('|')}|
${rows.join('\n')}

${total} choices, ${failures.length} failed, ${seconds} s.
${failures.map((failure) => `\n- ${failure}`).join('')}`
}
