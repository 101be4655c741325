// The dashboard over a real node with the embedded devnet: from the drop of a
// file to six active deals, seen without a reload. WEIR names the binary.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, shotPath } from './harness.mjs'
import { deadline, RealNode, stage } from './realnode.mjs'

const node = new RealNode()
let browser
let url

before(async () => {
  await node.start()
  url = node.url
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await node.end()
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
  for (const tab of ['Jobs', 'Wallets', 'Deals and retrievals', 'Tokens', 'Webhooks', 'Alerts', 'Settings', 'CIDs']) {
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

test('a pin is made on its page, one made elsewhere is seen, both are taken away', { timeout: deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/#/pins?owner=own`)
  page.setDefaultTimeout(deadline)
  const call = (method, path, body) =>
    page.evaluate(
      async ([m, p, b]) => {
        const raw = typeof b === 'string'
        const answer = await fetch(`/api/v1${p}`, { method: m, headers: raw ? {} : { 'Content-Type': 'application/json' }, body: raw || !b ? b : JSON.stringify(b) })
        return answer.status === 204 ? null : answer.json()
      },
      [method, path, body],
    )
  const add = async (name) => {
    const { id } = await call('POST', '/uploads', { name })
    await call('PUT', `/uploads/${id}/files/`, `${name}: high water at six, low water at noon`)
    return (await call('POST', `/uploads/${id}/commit`, {})).cid
  }
  await page.waitForSelector('.empty')
  await page.evaluate(() => (window.sameDocument = true))
  const [one, two] = [await add('tides-of-spring'), await add('tides-of-autumn')]
  await page.getByRole('button', { name: 'New pin' }).click()
  await page.locator('dialog input[type=text]').first().fill('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
  await page.getByRole('button', { name: 'Pin it' }).click()
  await page.waitForSelector('dialog .problem')
  await page.locator('dialog input[type=text]').first().fill(one)
  await page.locator('dialog input[type=text]').last().fill('spring tides')
  await page.getByRole('button', { name: 'Pin it' }).click()
  await page.waitForSelector('.grid .body .tr:has-text("spring tides"):has-text("this node\'s own")')
  await page.mouse.move(5, 5)
  await call('POST', '/pins', { cid: two, mode: 'direct', name: 'autumn tides' })
  await add('tides-of-winter') // something that happens, so that the page asks again
  await page.waitForSelector('.grid .body .tr:has-text("autumn tides"):has-text("this block alone")')
  await page.screenshot({ path: shotPath('node-pins') })

  await page.getByRole('button', { name: 'What to do with spring tides' }).click()
  await page.getByRole('menuitem', { name: 'Take the pin away…' }).click()
  await page.getByRole('button', { name: 'Take it away' }).click()
  await page.mouse.move(5, 5)
  await page.waitForSelector('.grid .body .tr:has-text("spring tides")', { state: 'detached' })
  assert.deepEqual((await call('GET', '/pins')).items.filter((p) => p.owner === 'local').map((p) => p.cid), [two])
  await call('DELETE', `/pins/${two}`)
  await add('tides-of-summer')
  await page.waitForSelector('.empty')
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was never loaded again')
  assert.deepEqual(faults, [])
})

test('a node that goes away and comes back: nothing is lost, and the page goes on by itself', { timeout: 3 * deadline }, async () => {
  const { page, faults } = await open(browser, `${url}/#/files`)
  page.setDefaultTimeout(deadline)
  await page.waitForSelector('.grid .body .tr:has-text("water-levels.bin")')
  await page.evaluate(() => (window.sameDocument = true))
  await node.stop()
  await page.waitForSelector('.banner.away')
  assert.ok(await page.locator('.grid .body .tr:has-text("water-levels.bin")').count(), 'what was shown is kept')
  await page.screenshot({ path: shotPath('node-away') })
  await node.start()
  await page.waitForSelector('.state.live')
  await page.waitForSelector('.banner.away', { state: 'detached' })
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
