// The dashboard over a real node with the embedded devnet: from the drop of a
// file to six active deals, seen without a reload. WEIR names the binary.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launch, open, shotPath } from './harness.mjs'

const deadline = 120_000
const folder = mkdtempSync(join(tmpdir(), 'weir-ui-node-'))
let browser
let node
let url

/// The node writes where it listens into its data folder.
async function addressesOf(data, child) {
  const path = join(data, 'addresses.json')
  const end = Date.now() + deadline
  while (Date.now() < end && child.exitCode === null) {
    if (existsSync(path)) {
      try {
        return JSON.parse(readFileSync(path, 'utf8'))
      } catch {
        // half written
      }
    }
    await new Promise((ok) => setTimeout(ok, 50))
  }
  throw new Error(`the node did not listen:\n${readFileSync(join(folder, 'log'), 'utf8')}`)
}

const any = '127.0.0.1:0'

async function startNode(api) {
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  rmSync(join(data, 'addresses.json'), { force: true })
  const log = openSync(join(folder, 'log'), 'a')
  node = spawn(process.env.WEIR, ['node', '--devnet', '--data', data, '--api', api, '--gateway', any, '--pieces', any], { stdio: ['ignore', log, log] })
  const listens = await addressesOf(data, node)
  url = listens.api.includes('://') ? listens.api : `http://${listens.api}`
}

async function stopNode() {
  if (!node || node.exitCode !== null) return
  const gone = once(node, 'exit')
  node.kill('SIGINT')
  await gone
}

before(async () => {
  await startNode(any)
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await stopNode()
  rmSync(folder, { recursive: true, force: true })
})

async function drop(page, name, size) {
  const data = await page.evaluateHandle(
    ([n, s]) => {
      const bytes = new Uint8Array(s).map((_, i) => (i * 7919) >> 3)
      const d = new DataTransfer()
      d.items.add(new File([bytes], n))
      return d
    },
    [name, size],
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
}

test('from a drop to six active deals, live', { timeout: 3 * deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/`)
  page.setDefaultTimeout(deadline)
  await page.waitForSelector('.state.live')
  await page.screenshot({ path: shotPath('node-empty') })
  await page.evaluate(() => (window.sameDocument = true))

  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.getByRole('button', { name: 'New bucket' }).click()
  await page.locator('dialog input[type=text]').fill('shown')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.waitForSelector('.bucket-head')
  await drop(page, 'water-levels.bin', 3 * 2 ** 20 + 17)
  await page.waitForSelector('.job.done')
  await page.waitForSelector('.grid .body .tr:has-text("water-levels.bin")')
  await page.getByRole('button', { name: 'Close and pack' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Close and pack' }).click()

  await page.locator('.job.done a').click()
  await page.waitForSelector('.life')
  await page.screenshot({ path: shotPath('node-working') })
  await page.waitForSelector('.life.active')
  await page.waitForSelector('.copies .six[aria-label="6 of 6 copies active"]')
  assert.equal(await page.locator('section[aria-label=Copies] tbody tr:has-text("active")').count(), 6)
  await page.screenshot({ path: shotPath('node-content') })

  await page.goto(`${url}/#/`)
  await page.waitForFunction(() => /3 MiB/.test(document.querySelector('h1').textContent))
  await page.screenshot({ path: shotPath('node-done') })
  for (const place of ['files', 'buckets', 'pieces', 'deals', 'providers', 'events', 'node']) {
    await page.goto(`${url}/#/${place}`)
    await page.waitForSelector('main h1')
    await page.waitForFunction(() => !document.querySelector('.waiting'))
    assert.equal(await page.locator('.trouble').count(), 0, place)
    await page.screenshot({ path: shotPath(`node-${place}`) })
  }
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was never loaded again')
  assert.deepEqual(faults, [])
})

/// A file of an instance, staged with the token that its page showed once.
async function stage(page, token, name, size) {
  return page.evaluate(
    async ([t, n, s]) => {
      const headers = { Authorization: `Bearer ${t}`, 'Content-Type': 'application/json' }
      const call = async (method, path, body) => (await fetch('/api/v1/uploads' + path, { method, headers, body, credentials: 'omit' })).json()
      const { id } = await call('POST', '', JSON.stringify({ name: n }))
      await call('PUT', `/${id}/files/`, new Uint8Array(s).map((_, i) => (i * 31) >> 2))
      return (await call('POST', `/${id}/commit`, '{}')).cid
    },
    [token, name, size],
  )
}

test('from a config of FFS to what it wants, live', { timeout: 3 * deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/#/ffs`)
  page.setDefaultTimeout(deadline)
  await page.getByRole('button', { name: 'New instance' }).click()
  await page.locator('dialog input').fill('observatory')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const token = await page.locator('pre.secret').innerText()
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.evaluate(() => (window.sameDocument = true))
  const cid = await stage(page, token, 'plates.fits', 700_000)
  await page.getByRole('link', { name: 'Push a config' }).click()
  await page.locator('#field-cid').fill(cid)
  await page.locator('[data-field="cold.repFactor"] input').fill('2')
  await page.locator('[data-field="cold.dealMinDuration"] input').fill('90 d')
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.waitForSelector('[data-field="cold.dealMinDuration"] .no:has-text("It is too short. Limit: 180 d.")')
  await page.locator('[data-field="cold.dealMinDuration"] input').fill('180 d')
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.waitForSelector('.life')
  await page.screenshot({ path: shotPath('node-ffs-job') })
  await page.waitForSelector('.life.active')
  await page.waitForSelector('.log li:first-child:has-text("is done")')
  await page.getByRole('link', { name: 'Its CID' }).click()
  await page.waitForSelector('h1:has-text("As wanted")')
  await page.waitForSelector('section[aria-label=Deals] .six[aria-label="2 of 2 copies active"]')
  assert.equal(await page.locator('.sides .differs').count(), 0)
  assert.ok((await page.locator('section[aria-label=Selection] tbody tr').count()) > 0, 'the others are listed with their reasons')
  await page.screenshot({ path: shotPath('node-ffs-cid') })
  for (const tab of ['Jobs', 'Wallets', 'Deals and retrievals', 'Tokens', 'Settings', 'CIDs']) {
    await page.goto(`${url}/#/ffs`)
    await page.locator('.grid .body a', { hasText: 'observatory' }).click()
    await page.getByRole('link', { name: tab, exact: true }).click()
    await page.waitForSelector('main h1')
    await page.waitForFunction(() => !document.querySelector('.waiting'))
    assert.equal(await page.locator('.trouble').count(), 0, tab)
    await page.screenshot({ path: shotPath(`node-ffs-${tab.split(' ')[0].toLowerCase()}`) })
  }
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was never loaded again')
  assert.deepEqual(faults, [])
})

test('a node that goes away and comes back: nothing is lost, and the page goes on by itself', { timeout: 3 * deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/#/files`)
  page.setDefaultTimeout(deadline)
  await page.waitForSelector('.grid .body .tr:has-text("water-levels.bin")')
  await page.evaluate(() => (window.sameDocument = true))
  await stopNode()
  await page.waitForSelector('.banner.loss')
  assert.ok(await page.locator('.grid .body .tr:has-text("water-levels.bin")').count(), 'what was shown is kept')
  await page.screenshot({ path: shotPath('node-away') })
  await startNode(url.replace('http://', ''))
  await page.waitForSelector('.state.live')
  await page.waitForSelector('.banner.loss', { state: 'detached' })
  await drop(page, 'after-the-restart.bin', 5000)
  await page.waitForSelector('.grid .body .tr:has-text("after-the-restart.bin")')
  assert.ok(await page.evaluate(() => window.sameDocument))
  assert.deepEqual(faults, [])
})

test('what is safe can be dropped here and looked at again from a provider', { timeout: 3 * deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/#/files`)
  page.setDefaultTimeout(deadline)
  await page.locator('.tr', { hasText: 'water-levels.bin' }).locator('.opener').click()
  await page.getByRole('menuitem', { name: 'Drop the local copy…' }).click()
  await page.getByRole('button', { name: 'Drop the local copy' }).click()
  await page.waitForSelector('.tr:has-text("water-levels.bin") .state-word:has-text("offloaded")')
  const size = await page.evaluate(async () => {
    const list = await (await fetch('/api/v1/contents')).json()
    const id = list.items.find((c) => c.name === 'water-levels.bin').id
    return (await (await fetch(`/api/v1/contents/${id}/data/`)).arrayBuffer()).byteLength
  })
  assert.equal(size, 3 * 2 ** 20 + 17)
  assert.deepEqual(faults, [])
})
