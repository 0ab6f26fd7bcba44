// What Redis is asked, by whom, and with which script: MONITOR, read.
import { createHash } from 'node:crypto'
import { texts } from './contract.js'

const bySha = new Map(Object.entries(texts).map(([name, text]) => [createHash('sha1').update(text).digest('hex'), name]))
const NAMED = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }

/**
 * @param work is given a function that sets a mark, a text, between what was asked before and after it
 * @return what anybody but us asked Redis while the work was done: {who, name, args, script, keys, argv, touchesNothing} in order, and {mark};
 *     `script` is undefined for a text that is not the contract's
 */
export async function watch (stack, work) {
  const watcher = await stack.connect()
  try {
    const lines = await watcher.monitor()
    await work((text) => stack.redis.send('ECHO', text))
    await stack.redis.send('PING')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const users = await usersByAddress(stack)
    const ours = ({ address }) => stack.ownAddresses.has(address)
    return lines.map(parse).filter((command) => command && (!ours(command) || command.name === 'ECHO'))
      .map((command) => ours(command) ? { mark: command.args[0], args: [], keys: [] } : { ...command, who: users.get(command.address) ?? command.address })
  } finally { watcher.close() }
}

/** Who asks for that session first: a member's Redis user, or its connection if that has been closed. */
export const whoAsked = (commands, id) => commands.find(({ args }) => args.some((arg) => arg.includes(id)))?.who

async function usersByAddress (stack) {
  const clients = await stack.redis.send('CLIENT', 'LIST')
  return new Map(clients.split('\n').map((line) => [/ addr=(\S+)/.exec(line)?.[1], / user=(\S+)/.exec(line)?.[1]]))
}

/** One line of MONITOR; null for what a script does within. */
function parse (line) {
  const [, address, rest] = /^[\d.]+ \[\d+ (\S+)\] (.*)$/s.exec(line) ?? []
  if (!address || address === 'lua') return null
  const [name, ...args] = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, text]) => unescaped(text))
  const command = { address, name: name.toUpperCase(), args, keys: args.slice(0, 1), argv: [] }
  if (!/^EVAL(SHA)?(_RO)?$/.test(command.name)) return command
  const sha = command.name.startsWith('EVALSHA') ? args[0].toLowerCase() : createHash('sha1').update(args[0]).digest('hex')
  const count = Number(args[1])
  // A probe of the connection, such as "return 1".
  const touchesNothing = /^EVAL(_RO)?$/.test(command.name) && !/\b(redis|server)\b/.test(args[0])
  return { ...command, isScript: true, script: bySha.get(sha), touchesNothing, keys: args.slice(2, 2 + count), argv: args.slice(2 + count) }
}

const unescaped = (text) => Buffer.from(text.replace(/\\(x[0-9a-f]{2}|.)/gs, (_, what) => what.length === 3 ? String.fromCharCode(parseInt(what.slice(1), 16)) : NAMED[what] ?? what), 'latin1').toString()
