// What an operator of instances looks after, over a real node: webhooks whose
// receiver comes and goes, schedulers of the configuration, alerts.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { launch, open, shotPath } from './harness.mjs'
import { deadline, RealNode, stage } from './realnode.mjs'

const node = new RealNode("[schedulers.rated]\nselector = 'reputation'\nparallel = 7\n", ['--private-webhooks'])
const receiver = { status: 200, heard: [] }
let browser
let server

before(async () => {
  server = createServer((req, res) => {
    const parts = []
    req.on('data', (d) => parts.push(d)).on('end', () => {
      if (receiver.status === 200) receiver.heard.push(JSON.parse(Buffer.concat(parts)))
      res.writeHead(receiver.status).end()
    })
  })
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok))
  await node.start()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await node.end()
  server.closeAllConnections()
  server.close()
})

async function call(path, body, method = 'POST') {
  const answer = await fetch(`${node.url}/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
  return answer.json()
}

/// What the event stream tells the holder of a token up to a revision.
async function told(token, revision) {
  const stop = new AbortController()
  const answer = await fetch(`${node.url}/api/v1/watch?from=0&records=1`, { headers: { Authorization: `Bearer ${token}` }, signal: stop.signal })
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of answer.body) {
    text += decoder.decode(part, { stream: true })
    if (text.includes(`{"revision":${revision},`)) break
  }
  stop.abort()
  return text
}

test('webhooks stand as their receiver does, and alerts are told of, live', { timeout: 3 * deadline }, async () => {
  const made = await call('/ffs/instances', { name: 'observatory' })
  const { page, faults } = await open(browser, `${node.url}/#/ffs/${made.id}/webhooks`)
  page.setDefaultTimeout(deadline)
  const hook = `http://127.0.0.1:${server.address().port}/hook`
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.locator('dialog input[type=url]').fill('ftp://example.org/')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.waitForSelector('dialog .no')
  await page.locator('dialog input[type=url]').fill(hook)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.waitForSelector('pre.secret')
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.waitForSelector('.hooks li.new')
  await page.getByRole('button', { name: `Test ${hook}` }).click()
  await page.waitForSelector('.tested:has-text("The receiver took it.")')
  assert.equal(receiver.heard[0].type, 'webhook.test')

  receiver.status = 503
  await page.evaluate(() => (window.sameDocument = true))
  const cid = await stage(page, made.token, 'plates.fits', 90_000)
  const config = { cold: { enabled: true, repFactor: 1, trustedMiners: [], countryCodes: ['AQ'] } }
  await call(`/ffs/instances/${made.id}/cids/${cid}`, { config }, 'PUT')
  await page.waitForSelector('.hooks li.failing:has-text("The receiver answered 503.")')
  await page.waitForSelector('.tabs .badge')
  await page.screenshot({ path: shotPath('node-ffs-webhook-fails') })
  receiver.status = 200
  await page.waitForSelector('.hooks li.delivering')
  assert.ok(receiver.heard.some((e) => e.type === 'job.failed'), JSON.stringify(receiver.heard))

  await page.getByRole('link', { name: /^Alerts/ }).click()
  await page.waitForSelector('.alerts li.new:has-text("failed")')
  await page.screenshot({ path: shotPath('node-ffs-alerts-live') })
  await page.getByRole('button', { name: 'all seen' }).click()
  await page.waitForSelector('.badge', { state: 'detached' })
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was never loaded again')
  assert.deepEqual(faults, [])
})

test('a limit is set where what is used of it stands, and who reaches it is seen', { timeout: deadline }, async () => {
  const made = await call('/ffs/instances', { name: 'small' })
  const { page, faults } = await open(browser, `${node.url}/#/ffs/${made.id}/settings`)
  page.setDefaultTimeout(deadline)
  await stage(page, made.token, 'plates.fits', 90_000)
  await page.waitForSelector('.limits .use:has-text("87.9 KiB used, no limit")')
  await page.locator('#instance-bytes').fill('90000')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.waitForSelector('.limits .used.full:has-text("87.9 KiB of 87.9 KiB")')
  await page.goto(`${node.url}/#/ffs`)
  await page.waitForSelector('section[aria-label="Near a limit"] li:has-text("small"):has-text("nothing more is taken")')
  await page.screenshot({ path: shotPath('node-ffs-limits') })
  assert.deepEqual(faults, [])
})

test('an instance is moved to a scheduler of the configuration', { timeout: deadline }, async () => {
  const made = await call('/ffs/instances', { name: 'moves' })
  const { page, faults } = await open(browser, `${node.url}/#/ffs/schedulers`)
  page.setDefaultTimeout(deadline)
  await page.waitForSelector('main tr:has-text("rated"):has-text("the best reputation first"):has-text("7")')
  await page.screenshot({ path: shotPath('node-ffs-schedulers') })
  await page.goto(`${node.url}/#/ffs/${made.id}/settings`)
  await page.getByRole('button', { name: 'Move to another…' }).click()
  await page.getByRole('button', { name: 'Move it' }).click()
  await page.waitForSelector('section[aria-label=Scheduler] dd b:has-text("rated")')
  await page.waitForSelector('section[aria-label=Scheduler] .words', { state: 'detached' })
  assert.deepEqual(faults, [])
})

test('the stream tells of webhooks whoever may look after them, and nobody their secret', { timeout: deadline }, async () => {
  const made = await call('/ffs/instances', { name: 'quiet' })
  const base = `/ffs/instances/${made.id}`
  const reader = await call(`${base}/tokens`, { name: 'reader', scopes: ['read'] })
  const hook = await call(`${base}/webhooks`, { url: 'https://example.org/hook' })
  // The last thing that happens is one that both may see.
  await call(base, { name: 'quieter' }, 'PATCH')
  const { revision } = await call('/events?kind=instance.changed', undefined, 'GET')
  const [full, part] = [await told(made.token, revision), await told(reader.token, revision)]
  assert.ok(full.includes('"table":"ffs-webhooks"') && full.includes(hook.id))
  assert.ok(part.includes('quieter') && !part.includes('ffs-webhooks'))
  assert.ok(!full.includes(hook.signingSecret) && !full.includes('whsec_'))
})
