// The pages of FFS in a real Chromium over the mock of the API: what an
// operator or a tenant in front of them would notice.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { config } from './mock/ffs.mjs'
import * as make from './mock/names.mjs'
import { Mock } from './mock/server.mjs'
import { built, launch, open } from './harness.mjs'
import * as scenes from './scenes.mjs'

let browser
let mock
let page
let faults
let context

before(async () => (browser = await launch()))
after(() => browser.close())
afterEach(async () => {
  assert.deepEqual(faults, [], 'script errors and refusals of the policy')
  await context.close()
  await mock.stop()
})

async function show(world, hash, options = {}) {
  mock = await new Mock(world, { dist: await built() }).start()
  ;({ page, context, faults } = await open(browser, `${mock.url}/#${hash}`, options))
  await page.waitForSelector('.state.live')
  return world
}

const text = (selector) => page.locator(selector).innerText()
const until = (fn, arg) => page.waitForFunction(fn, arg)
const goTo = (hash) => page.goto(`${mock.url}/#${hash}`)
const says = (selector, words) => until(([s, w]) => document.querySelector(s)?.textContent.includes(w), [selector, words])
const field = (path) => page.locator(`[data-field="${path}"]`)
const press = (name) => page.getByRole('button', { name, exact: true }).click()

/// So many watches are open at the node.
async function watchers(world, n) {
  const end = Date.now() + 10_000
  while (world.ffs.watchers.size !== n && Date.now() < end) await page.evaluate(() => new Promise((ok) => requestAnimationFrame(ok)))
  assert.equal(world.ffs.watchers.size, n)
}

test('an instance is made with its token shown once, and nowhere else', async () => {
  const world = await show(scenes.empty(), '/ffs')
  assert.match(await text('.empty'), /An instance is a tenant[\s\S]*weir ffs create NAME/)
  await press('New instance')
  await page.locator('dialog input').fill('north')
  await press('Create')
  await says('dialog', 'It is not shown again')
  const token = await text('pre.secret')
  assert.match(token, /^weir_/)
  await press('I have it')
  await says('h1', 'Nothing')
  const [made] = world.tables['ffs-instances'].values()
  assert.ok(page.url().endsWith(`#/ffs/${made.id}`))
  const left = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }))
  assert.ok(!left.includes(token), 'the token is still somewhere in the page')
  await goTo('/ffs')
  await press('New instance')
  await page.locator('dialog input').fill('north')
  await press('Create')
  await says('dialog .problem', 'There is an instance of this name')
})

test('among a thousand instances: few rows are drawn, search finds one, jobs are counted as they come and go', async () => {
  const world = await show(scenes.thousand(), '/ffs')
  await until(() => document.querySelector('p.foot')?.textContent === '1,000 instances')
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
  await page.keyboard.press('/')
  await page.keyboard.type('Glacier-007')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  const of = [...world.tables['ffs-instances'].values()].find((i) => i.name === 'glacier-007')
  const asked = mock.ffs.asked.length
  const jobs = [make.cid(), make.cid()].map((cid) => world.ffs.push(of.id, cid, config()))
  await says('.grid .body .good', '2')
  world.ffs.step(of.id, jobs[0])
  world.ffs.end(of.id, jobs[0], 'failed', { err: { code: 'no-providers', message: 'Nobody wants it.', value: '', limit: '' } })
  await says('.grid .body .good', '1')
  assert.equal(mock.ffs.asked.length, asked, 'nothing was asked for again')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await says('.crumbs', 'glacier-007')
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await says('.failures', 'Nobody wants it.')
})

test('wanted and is stand side by side, and what differs is marked until it is so', async () => {
  const world = await show(scenes.tenant(), '/')
  const entry = world.ffs.entry(world.of.id, world.cids.behind)
  await goTo(`/ffs/${world.of.id}`)
  await says('h1', 'of 6 CIDs is as wanted')
  const row = page.locator('.tr', { hasText: 'too few active deals' })
  assert.equal(await row.locator('.six').getAttribute('aria-label'), '1 of 3 copies active, 1 published, 1 lost')
  await row.locator('.cid a').click()
  await says('h1', '2 points are not as wanted')
  const differing = () => page.locator('.sides .differs th').allInnerTexts()
  assert.deepEqual(await differing(), ['Deals', 'Price per GiB and epoch'])
  assert.match(await text('section[aria-label=Selection]'), /t01007[\s\S]*over the price limit[\s\S]*9 nanoFIL[\s\S]*0.1 nanoFIL/)
  for (const provider of ['t01003', 't01005']) world.ffs.addDeal(entry, provider, 'active')
  await until(() => document.querySelectorAll('.sides .differs').length === 1)
  assert.deepEqual(await differing(), ['Price per GiB and epoch'])
  await goTo(`/ffs/${world.of.id}?stands=wanted`)
  await until(() => document.querySelectorAll('.grid .body .tr').length === 2)
  await page.mouse.move(5, 5)
  world.ffs.push(world.of.id, world.cids.good, config())
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
})

test('what the node refuses is said at its field; then a job runs, seen step by step with its log', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/push`)
  await page.waitForSelector('form.config')
  await press('Push')
  await says('.cid-field .no', 'Which CID?')
  const cid = make.cid()
  await page.locator('#field-cid').fill(cid)
  await field('cold.maxPrice').locator('input').fill('much')
  await press('Push')
  await says('[data-field="cold.maxPrice"] .no', 'An amount is needed')
  await field('cold.maxPrice').locator('input').fill('20 nanoFIL')
  await field('cold.dealMinDuration').locator('input').fill('90 d')
  await press('Push')
  await says('[data-field="cold.dealMinDuration"] .no', 'It is too short. Limit: 180 d.')
  await until(() => document.activeElement.id === 'field-cold-dealMinDuration')
  await field('cold.dealMinDuration').locator('input').fill('200 d')
  await field('cold.repFactor').locator('input').fill('2')
  assert.match(await text('form.config .command'), /--set cold.repFactor=2 --set cold.dealMinDuration=576000 --set cold.maxPrice=20000000000/)
  await press('Push')
  await says('h1', 'waits')
  const job = page.url().split('/').at(-1)
  assert.equal(world.ffs.job(world.of.id, job).config.cold.maxPrice, '20000000000')
  await watchers(world, 2) // of the job and of its log
  const asked = mock.ffs.asked.length
  world.ffs.step(world.of.id, job)
  world.ffs.step(world.of.id, job, 'All of its 9 blocks are here.')
  await says('.life .current', 'hot copy')
  await says('.log', 'All of its 9 blocks are here.')
  world.ffs.step(world.of.id, job)
  world.ffs.end(world.of.id, job, 'done', { size: 1000, content: 'c' })
  await page.waitForSelector('.life.active')
  await says('.log li:first-child', 'is done')
  assert.equal(mock.ffs.asked.length, asked, 'nothing was polled')
})

test('a job is cancelled, and why one failed is told in whose words', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/jobs`)
  await says('h1', '1 job runs now')
  await page.locator('.tr', { hasText: 'sees to the hot copy' }).locator('.opener').click()
  await page.getByRole('menuitem', { name: 'Cancel…' }).click()
  assert.match(await text('dialog'), /What will be lost[\s\S]*What will still exist[\s\S]*weir ffs cancel/)
  await press('Cancel the job')
  await says('h1', '0 jobs run now')
  assert.equal(world.ffs.job(world.of.id, world.jobs.running).state, 'cancelled')
  await goTo(`/ffs/${world.of.id}/jobs/${world.jobs.lost}`)
  await says('.words', 'No provider is left to ask: 2 of 5 deals are active.')
  assert.doesNotMatch(await text('.words'), /t01007/, 'each provider is folded away')
  assert.match(await text('section[aria-label="Deals that came to nothing"]'), /t01003[\s\S]*not taking storage deals now/)
})

test('a tab that nobody looks at holds no watch, and has missed nothing when it is looked at again', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/jobs?state=in_progress`)
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  const hide = (hidden) =>
    page.evaluate((h) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => h })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  await watchers(world, 1)
  await hide(true)
  await watchers(world, 0)
  world.ffs.end(world.of.id, world.jobs.running, 'done')
  const job = world.ffs.push(world.of.id, make.cid(), config())
  world.ffs.step(world.of.id, job)
  await hide(false)
  await until((id) => document.querySelector('.grid .body .tr')?.dataset.href.endsWith(id), job)
  assert.equal(await page.locator('.grid .body .tr').count(), 1)
})

test('addresses: made, funded, and sent from with the error at its field', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/wallets`)
  await says('h1', '12.5 FIL')
  const choose = async (name, choice) => {
    await page.getByRole('button', { name: `What to do with ${name}` }).click()
    await page.getByRole('menuitem', { name: choice }).click()
  }
  await choose('archive', 'Fund it from the node…')
  await page.locator('dialog input').fill('1.5')
  await press('Fund it')
  await says('h1', '14 FIL')
  await choose('archive', 'Send from it…')
  await page.locator('dialog input').first().fill('nowhere')
  await page.locator('dialog input').last().fill('100 nanoFIL')
  await press('Send')
  await says('dialog .no', 'an address has a network')
  await page.locator('dialog input').first().fill('f1somebody')
  await page.locator('dialog input').last().fill('7 FIL')
  await press('Send')
  await says('dialog .problem', 'There is not enough on the address')
  await page.locator('dialog input').last().fill('0.5 FIL')
  await press('Send')
  await says('h1', '13.5 FIL')
})

test('tokens: what each may do, one more shown once, revoked', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/tokens`)
  await says('h1', 'token opens this instance')
  await press('New token')
  await page.locator('dialog input[type=text]').fill('phone')
  await page.locator('dialog label.check', { hasText: 'wallet' }).locator('input').check()
  await press('Create')
  await says('dialog', 'It is not shown again')
  await press('I have it')
  await says('main table', 'read, wallet')
  await page.getByRole('button', { name: 'Revoke phone' }).click()
  await press('Revoke')
  await until(() => document.querySelectorAll('main tbody tr').length === 1)
  assert.deepEqual(world.ffs.tokens.get(world.of.id).map((t) => t.name), ['first'])
})

test('limits and defaults are changed; deleting needs the name typed', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/settings`)
  await page.locator('#instance-jobs').fill('5')
  await press('Change')
  await says('.answer .more', 'At most 5 jobs')
  await field('cold.renew').locator('input').check()
  await press('Change the default')
  await says('[data-field="cold.renewThreshold"] .no', 'Epochs before the end are needed to renew.')
  await field('cold.renewThreshold').locator('input').fill('30 d')
  await press('Change the default')
  await says('.toast', 'The default was changed')
  assert.equal(world.ffs.defaults.get(world.of.id).cold.renewThreshold, 86400)
  await press('Delete…')
  assert.ok(await page.getByRole('button', { name: 'Delete', exact: true }).isDisabled())
  await page.locator('dialog input').fill('observatory')
  await press('Delete')
  await until(() => location.hash === '#/ffs')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
})

test('deal and retrieval records, with what comes while they are looked at', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/records`)
  await says('p.foot', '5 deals')
  world.ffs.addDeal(world.ffs.entry(world.of.id, world.cids.good), 't01007', 'proposed')
  await says('p.foot', '6 deals')
  await page.getByRole('link', { name: 'Retrievals', exact: true }).click()
  await says('h1', 'of 2 retrievals came back')
  assert.match(await text('.grid .body'), /did not come back: No provider could give it back/)
})

test('whoever has the token of an instance sees that one', async () => {
  const world = scenes.tenant()
  world.ffs.tenant = world.of.id
  await show(world, '/ffs')
  await says('.crumbs', 'observatory')
  await until((id) => location.hash === `#/ffs/${id}`, world.of.id)
})

test('nothing of it is wider than a narrow screen, and every control has a name', async () => {
  const world = await show(scenes.tenant(), '/ffs', { viewport: { width: 360, height: 740 } })
  const base = `/ffs/${world.of.id}`
  const pages = ['/ffs', '/ffs/default', base, `${base}/cids/${world.cids.behind}`, `${base}/push`, `${base}/jobs`, `${base}/jobs/${world.jobs.lost}`, `${base}/wallets`, `${base}/records`, `${base}/records/retrievals`, `${base}/tokens`, `${base}/settings`]
  for (const p of pages) {
    await goTo(p)
    await page.waitForSelector('main h1')
    await until(() => !document.querySelector('.waiting'))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${p} is ${over} px too wide`)
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, select, svg[role=img], [role=grid]')]
        .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.title))
        .map((e) => e.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(unnamed, [], p)
  }
})
