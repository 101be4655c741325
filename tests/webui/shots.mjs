// Screenshots of every state that the brief names, to be looked at.
// `node shots.mjs [NAME…]`: into shots/, or the folder in WEIR_SHOTS.
import { Mock } from './mock/server.mjs'
import { built, launch, open, shotPath } from './harness.mjs'
import * as scenes from './scenes.mjs'

const narrow = { viewport: { width: 360, height: 740 } }
const dark = { colorScheme: 'dark' }
const wall = { viewport: { width: 3840, height: 2160 } }
const content = (name) => (w) => `#/contents/${scenes.idOf(w, name)}`
const tenant = (tab) => (w) => `#/ffs/${w.of.id}${tab}`

const shots = [
  ['empty', 'empty', '#/'],
  ['empty-files', 'empty', '#/files'],
  ['working', 'working', '#/'],
  ['working-files', 'working', '#/files'],
  ['working-content', 'working', content('interviews.tar')],
  ['done', 'done', '#/'],
  ['done-content', 'done', content('photographs')],
  ['hurt', 'hurt', '#/'],
  ['hurt-content', 'hurt', content('field-notes-2019')],
  ['dark', 'working', '#/', dark],
  ['dark-content', 'hurt', content('field-notes-2019'), dark],
  ['narrow', 'working', '#/', narrow],
  ['narrow-files', 'working', '#/files', narrow],
  ['narrow-content', 'working', content('interviews.tar'), { ...narrow, ...dark }],
  ['wall', 'working', '#/', wall],
  ['buckets', 'working', '#/buckets'],
  ['bucket', 'working', (w) => `#/buckets/${[...w.tables.buckets.values()].find((b) => b.name === 'archive').id}`],
  ['pieces', 'hurt', '#/pieces'],
  ['piece', 'hurt', (w) => `#/pieces/${[...w.tables.pieces.values()].find((p) => p.state === 'degraded').cid}`],
  ['deals', 'hurt', '#/deals'],
  ['deal', 'hurt', (w) => `#/deals/${[...w.tables.deals.values()].find((d) => d.state === 'slashed').uuid}`],
  ['providers', 'working', '#/providers'],
  ['provider', 'working', '#/providers/t01007'],
  ['events', 'working', '#/events'],
  ['node', 'working', '#/node'],
  ['folder', 'working', (w) => `#/files/${scenes.idOf(w, 'photographs')}`],
  ['ffs-empty', 'empty', '#/ffs'],
  ['ffs', 'tenant', '#/ffs'],
  ['ffs-thousand', 'thousand', '#/ffs'],
  ['pins', 'pinned', '#/pins'],
  ['pins-dark-narrow', 'pinned', '#/pins', { ...narrow, ...dark }, (page) => page.locator('.opener').nth(1).click()],
  ['pins-empty', 'empty', '#/pins'],
  ['pin-new', 'pinned', '#/pins', {}, (page) => page.getByRole('button', { name: 'New pin' }).click()],
  ['disk', 'scarce', '#/node'],
  ['ffs-limits', 'limited', '#/ffs'],
  ['ffs-limits-dark', 'limited', '#/ffs', dark],
  ['ffs-limits-narrow', 'limited', '#/ffs', narrow],
  ['ffs-limits-near', 'thousand', '#/ffs?limits=near'],
  ['ffs-limits-set', 'limited', tenant('/settings')],
  ['ffs-limits-set-narrow', 'limited', tenant('/settings'), { ...dark, viewport: { width: 360, height: 1300 } }],
  ['ffs-limits-own', 'limited', tenant('')],
  ['ffs-instance', 'tenant', tenant('')],
  ['ffs-instance-dark', 'tenant', tenant(''), dark],
  ['ffs-instance-narrow', 'tenant', tenant(''), narrow],
  ['ffs-cid', 'tenant', (w) => `#/ffs/${w.of.id}/cids/${w.cids.behind}`, { viewport: { width: 1280, height: 1100 } }],
  ['ffs-cid-done', 'tenant', (w) => `#/ffs/${w.of.id}/cids/${w.cids.good}`, { viewport: { width: 1280, height: 1100 } }],
  ['ffs-cid-dark', 'tenant', (w) => `#/ffs/${w.of.id}/cids/${w.cids.behind}`, { ...dark, viewport: { width: 1280, height: 1100 } }],
  ['ffs-cid-narrow', 'tenant', (w) => `#/ffs/${w.of.id}/cids/${w.cids.behind}`, { viewport: { width: 360, height: 1600 } }],
  ['ffs-jobs', 'tenant', tenant('/jobs')],
  ['ffs-job', 'tenant', (w) => `#/ffs/${w.of.id}/jobs/${w.jobs.running}`],
  ['ffs-job-failed', 'tenant', (w) => `#/ffs/${w.of.id}/jobs/${w.jobs.lost}`],
  ['ffs-job-narrow', 'tenant', (w) => `#/ffs/${w.of.id}/jobs/${w.jobs.lost}`, { ...narrow, ...dark }],
  ['ffs-wallets', 'tenant', tenant('/wallets')],
  ['ffs-records', 'tenant', tenant('/records')],
  ['ffs-retrievals', 'tenant', tenant('/records/retrievals')],
  ['ffs-tokens', 'tenant', tenant('/tokens')],
  ['ffs-settings', 'tenant', tenant('/settings'), { viewport: { width: 1280, height: 1300 } }],
  ['ffs-push', 'tenant', (w) => `#/ffs/${w.of.id}/push/${w.cids.behind}`, { viewport: { width: 1280, height: 1100 } }, async (page) => {
    await page.locator('[data-field="cold.dealMinDuration"] input').fill('90 d')
    await page.locator('[data-field="cold.maxPrice"] input').fill('a lot')
    await page.getByRole('button', { name: 'Push', exact: true }).click()
    await page.locator('[data-field="cold.maxPrice"] input').fill('20 nanoFIL')
    await page.getByRole('button', { name: 'Push', exact: true }).click()
  }],
  ['ffs-push-narrow', 'tenant', tenant('/push'), { viewport: { width: 360, height: 1400 } }],
  ['ffs-token', 'tenant', '#/ffs', {}, async (page) => {
    await page.getByRole('button', { name: 'New instance' }).click()
    await page.locator('dialog input').fill('new-tenant')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
  }],
  ['ffs-webhooks', 'watched', tenant('/webhooks')],
  ['ffs-webhooks-narrow', 'watched', tenant('/webhooks'), { viewport: { width: 360, height: 1100 }, ...dark }],
  ['ffs-webhooks-empty', 'tenant', tenant('/webhooks')],
  ['ffs-webhook-new', 'watched', tenant('/webhooks'), {}, async (page) => {
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.locator('dialog input[type=url]').fill('https://example.org/hook')
    await page.locator('dialog label.check', { hasText: 'some' }).locator('input').check()
    await page.locator('dialog input[type=text]').fill('jobs')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
  }],
  ['ffs-alerts', 'watched', tenant('/alerts')],
  ['ffs-alerts-dark', 'watched', tenant('/alerts'), { ...dark, ...narrow }],
  ['ffs-lookat', 'watched', '#/ffs'],
  ['ffs-lookat-narrow', 'watched', '#/ffs', narrow],
  ['ffs-overview', 'watched', '#/'],
  ['ffs-schedulers', 'watched', '#/ffs/schedulers'],
  ['ffs-schedulers-narrow', 'watched', '#/ffs/schedulers', narrow],
  ['ffs-move', 'watched', tenant('/settings'), {}, (page) => page.getByRole('button', { name: 'Move to another…' }).click()],
  ['ffs-tokens-ends', 'watched', tenant('/tokens')],
  ['ffs-tokens-narrow', 'watched', tenant('/tokens'), narrow],
  ['narrow-deals', 'hurt', '#/deals', narrow],
  ['narrow-events', 'hurt', '#/events', narrow],
  ['narrow-node', 'working', '#/node', { viewport: { width: 360, height: 1500 }, ...dark }],
  ['narrow-provider', 'working', '#/providers/t01007', { viewport: { width: 360, height: 1100 } }],
  ['narrow-providers', 'working', '#/providers', narrow],
  ['narrow-bucket', 'working', (w) => `#/buckets/${[...w.tables.buckets.values()].find((b) => b.name === 'archive').id}`, { viewport: { width: 360, height: 1000 } }],
  ['narrow-deal', 'hurt', (w) => `#/deals/${[...w.tables.deals.values()].find((d) => d.state === 'slashed').uuid}`, { viewport: { width: 360, height: 1300 } }],
  ['missing', 'done', '#/contents/nothing'],
  ['no-match', 'thousand', '#/ffs?q=nobody'],
  ['past', 'working', '#/', {}, async (page) => {
    await page.goto(page.url().split('#')[0] + '#/events')
    await page.locator('.stream .revision').nth(30).click()
    await page.goto(page.url().split('#')[0] + '#/')
  }],
  ['help', 'working', '#/', {}, (page) => page.keyboard.press('?')],
  ['delete', 'done', '#/files', {}, async (page) => {
    await page.locator('.tr .opener').first().click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
  }],
]

const wanted = process.argv.slice(2)
const dist = await built()
const browser = await launch()
for (const [name, scene, hash, options = {}, act] of shots) {
  if (wanted.length && !wanted.includes(name)) continue
  const world = scenes[scene]()
  const mock = await new Mock(world, { dist }).start()
  const { page, context, faults } = await open(browser, `${mock.url}/${typeof hash === 'function' ? hash(world) : hash}`, options)
  await page.clock.setFixedTime(world.clock + 4000)
  await page.waitForSelector('.state.live')
  await act?.(page)
  await page.waitForTimeout(500)
  await page.screenshot({ path: shotPath(name) })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (wide > 0) console.log(`${name}: ${wide} px too wide`)
  for (const f of faults) console.log(`${name}: ${f}`)
  await context.close()
  await mock.stop()
}
await browser.close()
