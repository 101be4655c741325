// What all pages have: the keyboard, the stream and its loss, the past, the
// token, narrow screens. In a real Chromium over the mock of the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as scenes from './scenes.mjs'
import { context, forgive, goTo, mock, onStage, page, show, text, tidy, until } from './stage.mjs'

const MiB = 2 ** 20
onStage()

test('a broken stream is said at once, what is shown is kept and greyed, and it resumes without a gap', async () => {
  const world = await show(scenes.working(), '/events')
  await page.waitForSelector('.stream li')
  const top = () => page.evaluate(() => document.querySelector('main h1').getBoundingClientRect().top)
  const before = await top()
  mock.refuseStream = true
  mock.breakStreams()
  await page.waitForSelector('.banner.away')
  assert.match(await text('.banner.away'), /The stream broke at [\s\S]*Nothing is lost/)
  assert.ok(await page.locator('main.stale').count())
  assert.equal(await top(), before, 'nothing that is read moves')
  assert.ok(await page.evaluate(() => document.querySelector('.banner.away').getBoundingClientRect().bottom <= innerHeight), 'and it is in sight')
  const seen = world.revision
  world.addContent('while-it-was-away.bin', MiB)
  world.advance(3)
  mock.refuseStream = false
  // On a slow machine it has tried by itself before the button is pressed.
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 3000 }).catch(() => {})
  await page.waitForSelector('.state.live')
  await until((n) => document.querySelector('.stream li').dataset.revision === String(n), world.revision)
  const revisions = (await page.locator('.stream li').evaluateAll((all) => all.map((li) => Number(li.dataset.revision)))).filter((r) => r > seen)
  assert.deepEqual(revisions, Array.from({ length: world.revision - seen }, (_, i) => world.revision - i))
})

test('all tabs of a browser share one event stream', async () => {
  const world = await show(scenes.working(), '/files')
  const second = await context.newPage()
  await second.goto(`${mock.url}/#/files`)
  await second.waitForSelector('.state.live')
  assert.equal(mock.streams.size, 1)
  await page.close()
  world.addContent('for-the-second-tab.bin', MiB)
  await second.waitForFunction(() => document.querySelector('.grid .body').textContent.includes('for-the-second-tab.bin'))
})

test('everything is reached from the keyboard', async () => {
  await show(scenes.done(), '/', { permissions: ['clipboard-read', 'clipboard-write'] })
  const keys = async (...all) => {
    for (const k of all) await page.keyboard.press(k)
  }
  await keys('g', 'f')
  await page.waitForSelector('.grid .body .tr')
  assert.equal(page.url().split('#')[1], '/files')
  await keys('/')
  await page.keyboard.type('survey')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  await keys('Escape', 'ArrowDown')
  assert.match(await page.evaluate(() => document.activeElement.textContent), /survey\.parquet/)
  await keys('Enter')
  await page.waitForSelector('.life')
  await keys('c')
  await page.waitForSelector('.toast')
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^bafkrei/)
  await keys('?')
  await page.waitForSelector('dialog[open]')
  await keys('Escape')
  await page.waitForSelector('dialog[open]', { state: 'detached' })
  await keys('g', 'e')
  await until(() => location.hash === '#/events')
})

test('what is opened over the page gives the focus back when it is closed', async () => {
  await show(scenes.done(), '/files')
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim())
  const opener = page.getByRole('button', { name: 'What to do with photographs' })
  await opener.focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=menu]')
  await page.keyboard.press('Tab')
  await until(() => !document.querySelector('[role=menu]'))
  await opener.focus()
  await page.keyboard.press('?')
  await page.waitForSelector('dialog[open]')
  await page.locator('dialog').getByRole('button', { name: 'close' }).click()
  await until(() => !document.querySelector('dialog'))
  assert.equal(await focused(), 'What to do with photographs')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.waitForSelector('dialog[open]')
  await page.keyboard.press('Escape')
  await until(() => !document.querySelector('dialog'))
  assert.equal(await focused(), 'What to do with photographs')
})

test('a list is one stop of the Tab key, and what is in its row the next ones', async () => {
  await show(scenes.done(), '/files')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 5)
  const where = () => page.evaluate(() => `${document.activeElement.closest('.tr')?.dataset.index ?? 'outside'} ${document.activeElement.tagName}`)
  const tab = async (key = 'Tab') => (await page.keyboard.press(key), where())
  await page.locator('.filter select').focus()
  assert.deepEqual([await tab(), await tab(), await tab()], ['0 DIV', '0 A', '0 BUTTON'])
  assert.match(await tab(), /^outside/)
  assert.equal(await tab('Shift+Tab'), '0 BUTTON')
  await page.keyboard.press('ArrowDown')
  await until(() => document.activeElement.dataset.index === '1')
  assert.deepEqual([await tab(), await tab()], ['1 A', '1 BUTTON'])
  assert.match(await tab(), /^outside/)

  await goTo('/events')
  await page.waitForSelector('.stream li')
  await page.getByRole('button', { name: 'See that moment' }).focus()
  const line = () => page.evaluate(() => [...document.querySelectorAll('.stream li')].indexOf(document.activeElement.closest('li')))
  await page.keyboard.press('Tab')
  assert.equal(await line(), 0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'text revision')
  assert.equal(await line(), 2)
})

test('arrows move through a list and keep the row in sight', async () => {
  await show(scenes.hurt(), '/deals', { viewport: { width: 1280, height: 500 } })
  await page.waitForSelector('.grid .body .tr')
  await page.keyboard.press('ArrowDown')
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowDown')
  await until(() => document.activeElement.dataset.index === '15')
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().bottom <= innerHeight))
  await page.keyboard.press('Home')
  await until(() => document.activeElement.dataset.index === '0')
})

test('every page shows the revision that is chosen, and comes back to now', async () => {
  const world = await show(scenes.done(), '/events')
  const early = world.journal.find((t) => t.events.some((e) => e.kind === 'content.stored')).revision
  await page.locator('input[name=r]').fill(String(early))
  await page.getByRole('button', { name: 'See that moment' }).click()
  await page.waitForSelector('.banner.past')
  await goTo('/files')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  assert.equal(await page.getByRole('button', { name: 'Add files' }).count(), 0)
  await page.getByRole('button', { name: 'One revision later' }).click()
  await until(() => document.querySelectorAll('.grid .body .tr').length === 2)
  await page.keyboard.press('Escape')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 5)
})

test('a node that wants its token gets it once, as a session', async () => {
  await show(scenes.done(), '/', { token: 'right' })
  await page.waitForSelector('.login')
  await page.locator('input[name=token]').fill('wrong')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForSelector('.login .problem')
  await page.locator('input[name=token]').fill('right')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForSelector('.state.live')
  await until(() => document.querySelector('h1').textContent.includes('791 MiB'))
  forgive('401')
})

test('a revision that is no longer kept makes the page load again', async () => {
  const world = await show(scenes.done(), '/files')
  await page.waitForSelector('.grid .body .tr')
  await page.mouse.move(5, 5)
  world.listeners.clear()
  world.addContent('unheard.bin', MiB)
  for (const s of mock.streams) s.write(`event: compacted\ndata: {"oldest":5,"revision":${world.revision}}\n\n`)
  await until(() => document.querySelector('.grid .body')?.textContent.includes('unheard.bin'))
})

test('a page begins at its top, and one that is come back to where it was left', async () => {
  await show(scenes.hurt(), '/events', { viewport: { width: 1280, height: 500 } })
  await page.waitForSelector('.stream li')
  await page.evaluate(() => scrollTo(0, 900))
  await page.locator('.stream a').nth(30).click()
  await page.waitForSelector('main article')
  assert.equal(await page.evaluate(() => scrollY), 0)
  await page.goBack()
  await page.waitForSelector('.stream li')
  await until(() => Math.abs(scrollY - 900) < 200)
})

test('nothing is wider than a narrow screen, and every control has a name', async () => {
  const world = await show(scenes.hurt(), '/', { viewport: { width: 360, height: 740 } })
  const piece = [...world.tables.pieces.keys()][0]
  const deal = [...world.tables.deals.keys()][0]
  const content = scenes.idOf(world, 'photographs')
  await tidy(['/', '/files', `/files/${content}`, `/contents/${content}`, '/buckets', '/pieces', `/pieces/${piece}`, '/deals', `/deals/${deal}`, '/providers', '/providers/t01001', '/events', '/node'])
})
