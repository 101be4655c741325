// Screenshots of every state that the brief names, to be looked at.
// `node shots.mjs [NAME…]`: into shots/, or the folder in WEIR_SHOTS.
import { Mock } from './mock/server.mjs'
import { built, launch, open, shotPath } from './harness.mjs'
import * as scenes from './scenes.mjs'

const narrow = { viewport: { width: 360, height: 740 } }
const dark = { colorScheme: 'dark' }
const wall = { viewport: { width: 3840, height: 2160 } }
const content = (name) => (w) => `#/contents/${scenes.idOf(w, name)}`

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
