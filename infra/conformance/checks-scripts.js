// What a member asks of Redis, in which order, and with which scripts (MONITOR). What only a crash at the wrong moment, or a second
// member at the same one, would show otherwise.
import assert from 'node:assert/strict'
import { express, lock, MINUTE, record, sha256 } from './contract.js'
import { watch, whoAsked } from './watch.js'

/** What may be asked without a script, by kind of key. */
const READS = ['GET', 'MGET', 'EXISTS', 'PTTL', 'TTL', 'TYPE', 'STRLEN', 'HGET', 'HMGET', 'HGETALL', 'HEXISTS', 'ZSCORE', 'ZRANGE', 'ZRANGEBYSCORE', 'ZCARD', 'ZSCAN', 'ZREVRANGE']
const FREE = [[/^\{sess:.*\}:refresh$/, ['SET']], [/^\{sess:.*\}:sign-in$/, ['SET']], [/^idx:/, ['ZREM']]]
const OURS = /^(\{?sess:|idx:|ended-sid:|leases$)/

/** The commands that a member must not send: it writes past the scripts, or with a script of its own. */
function forbidden (commands) {
  return commands.filter((command) => {
    if (command.mark) return false
    if (command.isScript) return !command.script && !command.touchesNothing && command.keys.some((key) => OURS.test(key))
    return OURS.test(command.keys[0] ?? '') && !READS.includes(command.name) && !FREE.some(([key, names]) => key.test(command.keys[0]) && names.includes(command.name))
  }).map(({ name, script, keys, isScript }) => isScript ? `a script that is not the contract's, on ${shown(keys[0])}` : `${name} ${shown(keys[0])}`)
}
const shown = (key) => key.replace(/[\w-]{20,}/, '\u2026')
const byScriptsOnly = (commands) => assert.deepEqual(forbidden(commands), [], 'written without the contract\u2019s scripts (section 5)')

/** What the member asked, from the first question about that session on. */
function about (commands, id) {
  const who = whoAsked(commands, id)
  return commands.filter((command) => command.mark || command.who === who)
}

/** Asserts that there is such a command, after the one before. @return where */
function next (commands, after, what, wanted, section) {
  const at = commands.findIndex((command, i) => i > after && wanted(command))
  const anywhere = commands.some(wanted)
  assert.ok(at > after, anywhere ? `too early: ${what} (${section})` : `missing: ${what} (${section})`)
  return at
}
const isScript = (name, key) => (command) => command.script === name && (!key || command.keys.includes(key))
const reads = (key) => (command) => READS.includes(command.name) && command.args.includes(key)

export const scriptChecks = [
  ['order-of-sign-in', 'a sign-in writes the indexes, then the session, then checks whether it was ended meanwhile', async ({ stack, member, person }) => {
    let signedIn
    const all = await watch(stack, async () => { signedIn = await member.signInAs(person) })
    const { id } = signedIn, { issuer, subject, sid } = await stack.fields(id), commands = about(all, id)
    const creates = next(commands, -1, 'create', isScript('create', record(id)), 'section 6, step 1')
    const indexes = ['idx:user:' + sha256(issuer, subject), 'idx:users', ...(sid ? ['idx:sid:' + sha256(issuer, sid)] : [])]
    for (const index of indexes) {
      const at = commands.findIndex(isScript('index', index))
      assert.ok(at >= 0, `missing: index of ${index.slice(0, 9)} (section 6, step 1)`)
      assert.ok(at < creates, `too late: index of ${index.slice(0, 9)}, after create (section 6, step 1)`)
    }
    if (sid) next(commands, creates, 'GET ended-sid:<h>, after create', reads('ended-sid:' + sha256(issuer, sid)), 'section 6, step 2')
    next(commands, creates, 'GET ended-sid:user:<h>, after create', reads('ended-sid:user:' + sha256(issuer, subject)), 'section 6, step 2')
    byScriptsOnly(commands)
  }],

  ['order-of-refresh', 'a refresh takes the lock, reads again, writes the tokens and releases its own lock', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    await stack.expire(id)
    const all = await watch(stack, async () => {
      assert.equal((await member.whoIs(cookie)).status, 200)
    })
    const commands = about(all, id), setsLock = (command) => command.name === 'SET' && command.keys[0] === lock(id)
    const took = next(commands, -1, 'SET {sess:<id>}:refresh', setsLock, 'section 5, refresh, step 1')
    const options = commands[took].args.slice(2).map((text) => text.toUpperCase())
    assert.ok(options.includes('NX'), 'the lock is set without NX (section 5, refresh, step 1)')
    assert.ok(options.includes('PX') || options.includes('EX'), 'the lock has no time to live (section 5, refresh, step 1)')
    const limit = Number(options[options.findIndex((text) => /^[PE]X$/.test(text)) + 1]) * (options.includes('EX') ? 1000 : 1)
    assert.ok(limit >= 4000 && limit <= 30_000, `the lock lasts ${limit} ms (section 5, refresh, step 1)`)
    const writes = next(commands, took, 'write-tokens', isScript('write-tokens', record(id)), 'section 5, refresh, step 4')
    next(commands.slice(took, writes), 0, 'read, between the lock and write-tokens', isScript('read', record(id)), 'section 5, refresh, step 2')
    assert.equal(commands.filter(isScript('write-tokens', record(id))).length, 1, 'written more than once')
    const releases = next(commands, took, 'lock-release', isScript('lock-release', lock(id)), 'section 5, refresh, step 5')
    assert.ok(releases > writes, 'the lock was released before the tokens were written (section 5, refresh, step 5)')
    assert.equal(commands[releases].argv[0], commands[took].args[1], 'lock-release names another holder than the lock has (section 5, refresh, step 5)')
    byScriptsOnly(commands)
  }],

  ['lock-of-another', "a member releases no other member's lock", async ({ stack, member, person }) => {
    const first = await member.signInAs(person)
    await stack.expire(first.id)
    const holders = []
    for (let i = 0; i < 2; i++) {
      await stack.expire(first.id)
      const all = await watch(stack, () => member.whoIs(first.cookie))
      holders.push(...all.filter(({ name, keys }) => name === 'SET' && keys[0] === lock(first.id)).map(({ args }) => args[1]))
    }
    assert.equal(new Set(holders).size, holders.length, 'two locks had the same holder: its name is not random (section 5, refresh, step 1)')
    assert.ok(holders.every((name) => name.length >= 8), 'the holder\u2019s name can be guessed (section 5, refresh, step 1)')
  }],

  ['order-of-sign-off', 'a sign-off ends, marks, ends the siblings and revokes the leases before it answers', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person)
    const { issuer, sid } = await stack.fields(id), sibling = await stack.session({ fields: { sid } })
    await stack.redis.send('ZADD', 'leases', Date.now() + 500, 'conform-does-not-acknowledge')
    await stack.redis.send('PEXPIRE', 'leases', 10_000)
    const all = await watch(stack, async (mark) => {
      assert.ok((await member.postSignOff(cookie)).status < 400)
      await mark('answered')
    })
    const asked = about(all, id), commands = asked.slice(0, asked.findIndex(({ mark }) => mark))
    const ends = next(commands, -1, 'end', isScript('end', record(id)), 'section 7, step 1')
    assert.deepEqual(commands[ends].argv.slice(0, 2), ['signed-off', 'user'], 'reason and actor of the end (section 7, step 1)')
    assert.equal(commands[ends].argv[3], '1', 'end does not keep the refresh token, so a provider that is away is never told (section 7, step 1)')
    if (sid) {
      const hash = sha256(issuer, sid)
      next(commands, ends, 'mark-ended of ended-sid:<h>, by the member itself', isScript('mark-ended', 'ended-sid:' + hash), 'section 7, step 2')
      next(commands, ends, 'end of the other sessions of idx:sid:<h>, by the member itself', isScript('end', record(sibling.id)), 'section 7, step 2')
      const mark = commands.find(isScript('mark-ended', 'ended-sid:' + hash))
      assert.ok(Number(mark.argv[0]) >= 14 * MINUTE, `the mark lasts ${mark.argv[0]} ms (section 3, other keys)`)
    }
    const holders = next(commands, ends, 'lease-holders, after end', isScript('lease-holders', 'leases'), 'section 7, step 3')
    next(commands, holders, 'lease-revoke', isScript('lease-revoke', 'leases'), 'section 7, step 3')
    next(asked, ends, 'provider-ended, once the provider has confirmed', isScript('provider-ended', record(id)), 'section 7, step 4')
    byScriptsOnly(asked)
  }],

  ['writes-by-scripts', "all writes to a session use the contract's scripts", async ({ stack, member }) => {
    const session = await stack.session(), commands = await watch(stack, async () => {
      await member.whoIs(session.cookie)
      if (member.attributes) await member.putAttribute(session.cookie, 'color', 'green')
      await member.whoIs(session.cookie)
    })
    const asked = about(commands, session.id)
    byScriptsOnly(asked)
    assert.ok(asked.some(isScript('read', express(session.id))), 'a session was read without the script read (section 5)')
    const late = await stack.session()
    await stack.redis.send('DEL', express(late.id))
    byScriptsOnly(about(await watch(stack, () => member.whoIs(late.cookie)), late.id))
  }]
]
