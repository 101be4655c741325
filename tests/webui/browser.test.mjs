// The dashboard in a real Chromium over the mock of the API: what somebody in
// front of it would notice.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { Mock } from './mock/server.mjs'
import { World } from './mock/world.mjs'
import { built, launch, open } from './harness.mjs'
import * as scenes from './scenes.mjs'

const MiB = 2 ** 20
let browser
let mock
let page
let faults
let context
const folder = mkdtempSync(join(tmpdir(), 'weir-webui-files-'))

before(async () => {
  browser = await launch()
})
after(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  assert.deepEqual(faults, [], 'script errors and refusals of the policy')
  await context.close()
  await mock.stop()
})

async function show(world, hash = '#/', options = {}) {
  const { token, ...rest } = options
  mock = await new Mock(world, { dist: await built(), token }).start()
  ;({ page, context, faults } = await open(browser, `${mock.url}/${hash}`, rest))
  if (!token) await page.waitForSelector('.state.live')
  return world
}

const text = (selector) => page.locator(selector).innerText()
const until = (fn, arg) => page.waitForFunction(fn, arg)

test('an empty node teaches: what to do, and the command that does the same', async () => {
  await show(scenes.empty())
  assert.match(await text('h1'), /Nothing\s*is stored here yet/)
  assert.match(await text('.empty'), /weir add PATH/)
  assert.equal(await page.locator('[role=alert]').count(), 0)
})

test('the overview says how much is safe, in one sentence', async () => {
  await show(scenes.working())
  assert.match(await text('h1'), /551 MiB\s*safe/)
  assert.match(await text('.answer .more'), /on their way.*1 thing needs you/)
  assert.match(await text('.attention'), /Only 6 of 7 providers are eligible/)
  assert.equal(await page.locator('.levels .level').count(), 3)
})

test('a content’s life is seen as it happens, without a reload and without polling', async () => {
  const world = await show(scenes.empty(), '#/files')
  await page.evaluate(() => (window.sameDocument = true))
  const id = world.addContent('letters.tar', 90 * MiB)
  await until(() => document.querySelector('.grid .body')?.textContent.includes('letters.tar'))
  await page.mouse.move(5, 5)
  const six = () => page.locator('.grid .body .six').first().getAttribute('aria-label')
  assert.equal(await six(), '0 of 6 copies active, 6 wanted')
  world.advance(2)
  world.advance(1)
  await until(() => document.querySelector('.grid .body .six').getAttribute('aria-label').includes('6 proposed'))
  world.advance(5)
  await until(() => document.querySelector('.grid .body .six').getAttribute('aria-label') === '6 of 6 copies active')
  await page.goto(`${mock.url}/#/contents/${id}`)
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was not loaded again')
  await page.waitForSelector('.life.active')
  assert.equal(await page.locator('.life li time').count(), 6)
  await until(() => document.querySelector('section[aria-label=Explained]').textContent.includes('Nothing is waited for'))
})

test('new rows wait while the pointer is over the list', async () => {
  const world = await show(scenes.done(), '#/files')
  await page.locator('.grid .body .tr').nth(1).hover()
  const first = await text('.grid .body .tr:first-child .file-name')
  world.addContent('late-one.bin', MiB)
  world.addContent('late-two.bin', MiB)
  await page.waitForSelector('.fresh')
  await until(() => document.querySelector('.fresh').textContent.startsWith('2 new contents'))
  assert.equal(await text('.grid .body .tr:first-child .file-name'), first)
  await page.locator('.fresh').click()
  await until(() => document.querySelector('.grid .body').textContent.includes('late-two.bin'))
})

test('a broken stream is said at once, what is shown is kept and greyed, and it resumes without a gap', async () => {
  const world = await show(scenes.working(), '#/events')
  await page.waitForSelector('.stream li')
  mock.refuseStream = true
  mock.breakStreams()
  await page.waitForSelector('.banner.loss')
  assert.match(await text('.banner.loss'), /The stream broke at [\s\S]*Nothing is lost/)
  assert.ok(await page.locator('main.stale').count())
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
  const world = await show(scenes.working(), '#/files')
  const second = await context.newPage()
  await second.goto(`${mock.url}/#/files`)
  await second.waitForSelector('.state.live')
  assert.equal(mock.streams.size, 1)
  await page.close()
  world.addContent('for-the-second-tab.bin', MiB)
  await second.waitForFunction(() => document.querySelector('.grid .body').textContent.includes('for-the-second-tab.bin'))
  page = second
})

test('files that are dropped become contents', async () => {
  const world = await show(scenes.empty())
  const data = await page.evaluateHandle(() => {
    const d = new DataTransfer()
    for (let i = 0; i < 3; i++) d.items.add(new File(['x'.repeat(1000 + i)], `dropped-${i}.txt`))
    return d
  })
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data })
  await page.waitForSelector('.veil')
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  await until(() => document.querySelectorAll('.job.done').length === 3)
  const names = [...world.tables.contents.values()].map((c) => `${c.name} ${c.size}`).sort()
  assert.deepEqual(names, ['dropped-0.txt 1000', 'dropped-1.txt 1001', 'dropped-2.txt 1002'])
  await until(() => document.querySelector('h1').textContent.includes('safe'))
})

test('a folder that is chosen becomes one content with its paths', async () => {
  const world = await show(scenes.empty())
  const dir = join(folder, 'journal')
  for (const year of ['1998', '1999']) {
    mkdirSync(join(dir, year), { recursive: true })
    for (let i = 0; i < 4; i++) writeFileSync(join(dir, year, `page ${i} ü.txt`), 'words '.repeat(i + 1))
  }
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Add a folder' }).click()])
  await chooser.setFiles(dir)
  await page.waitForSelector('.job.done')
  const [c] = world.tables.contents.values()
  assert.deepEqual([c.name, c.files], ['journal', 8])
  await page.locator('.job.done a').click()
  await page.getByRole('link', { name: 'Open its files' }).click()
  await page.getByRole('link', { name: '1999' }).click()
  await page.getByRole('button', { name: 'page 2 ü.txt', exact: true }).click()
  await page.waitForSelector('.preview pre')
  assert.match(await text('.preview pre'), /the bytes of 1999\/page 2 ü\.txt/)
})

test('everything is reached from the keyboard', async () => {
  await show(scenes.done(), '#/', { permissions: ['clipboard-read', 'clipboard-write'] })
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

test('arrows move through a list and keep the row in sight', async () => {
  await show(scenes.hurt(), '#/deals', { viewport: { width: 1280, height: 500 } })
  await page.waitForSelector('.grid .body .tr')
  await page.keyboard.press('ArrowDown')
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowDown')
  await until(() => document.activeElement.dataset.index === '15')
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().bottom <= innerHeight))
  await page.keyboard.press('Home')
  await until(() => document.activeElement.dataset.index === '0')
})

test('deleting says what is lost and what stays, and needs the name typed', async () => {
  const world = await show(scenes.done(), '#/files')
  await page.locator('.tr', { hasText: 'photographs' }).locator('.opener').click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  assert.match(await text('dialog'), /What will be lost[\s\S]*102 MiB[\s\S]*What will still exist[\s\S]*6 active deals/)
  assert.match(await text('dialog'), /weir rm bafybei/)
  const button = page.getByRole('button', { name: 'Delete' })
  assert.ok(await button.isDisabled())
  await page.locator('dialog input').fill('photographs')
  await button.click()
  await page.waitForSelector('dialog', { state: 'detached' })
  await page.mouse.move(5, 5)
  await until(() => !document.querySelector('.grid .body').textContent.includes('photographs'))
  assert.ok(![...world.tables.contents.values()].some((c) => c.name === 'photographs'))
})

test('more copies can be promised, and the wanted ones show at once', async () => {
  const world = await show(scenes.done(), '')
  await page.goto(`${mock.url}/#/contents/${scenes.idOf(world, 'photographs')}`)
  await page.locator('.answer .opener').click()
  await page.getByRole('menuitem', { name: 'Rename, or change its promise…' }).click()
  await page.locator('dialog input[type=number]').fill('8')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.waitForSelector('.copies .six[aria-label="6 of 8 copies active, 2 wanted"]')
})

test('a content that is not safe cannot be offloaded, and says why', async () => {
  await show(scenes.working(), '#/files')
  await page.locator('.tr', { hasText: 'thesis.pdf' }).locator('.opener').click()
  const item = page.getByRole('menuitem', { name: 'Drop the local copy…' })
  assert.equal(await item.getAttribute('aria-disabled'), 'true')
  assert.match(await item.getAttribute('title'), /may be the only one/)
})

test('every page shows the revision that is chosen, and comes back to now', async () => {
  const world = await show(scenes.done(), '#/events')
  const early = world.journal.find((t) => t.events.some((e) => e.kind === 'content.stored')).revision
  await page.locator('input[name=r]').fill(String(early))
  await page.getByRole('button', { name: 'See that moment' }).click()
  await page.waitForSelector('.banner.past')
  await page.goto(`${mock.url}/#/files`)
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  assert.equal(await page.getByRole('button', { name: 'Add files' }).count(), 0)
  await page.getByRole('button', { name: 'One revision later' }).click()
  await until(() => document.querySelectorAll('.grid .body .tr').length === 2)
  await page.keyboard.press('Escape')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 5)
})

test('a node that wants its token gets it once, as a session', async () => {
  await show(scenes.done(), '#/', { token: 'right' })
  await page.waitForSelector('.login')
  await page.locator('input[name=token]').fill('wrong')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForSelector('.login .problem')
  await page.locator('input[name=token]').fill('right')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForSelector('.state.live')
  await until(() => document.querySelector('h1').textContent.includes('791 MiB'))
  faults = faults.filter((f) => !f.includes('401'))
})

test('a revision that is no longer kept makes the page load again', async () => {
  const world = await show(scenes.done(), '#/files')
  await page.waitForSelector('.grid .body .tr')
  await page.mouse.move(5, 5)
  world.listeners.clear()
  world.addContent('unheard.bin', MiB)
  for (const s of mock.streams) s.write(`event: compacted\ndata: {"oldest":5,"revision":${world.revision}}\n\n`)
  await until(() => document.querySelector('.grid .body')?.textContent.includes('unheard.bin'))
})

test('what strangers stored is shown as text and never runs', async () => {
  const world = scenes.empty()
  const tree = [{ name: 'evil.html', type: 'file', size: 60, cid: 'bafkrei' + 'x'.repeat(52) }]
  const name = '<img src=x onerror=window.ran=1>'
  const id = world.addContent(name, 60, { files: 2, tree })
  await show(world, `#/files/${id}`)
  mock.bytes = (res) => res.end('<script>window.ran = true</script><b>bold</b>')
  await page.getByRole('button', { name: 'evil.html', exact: true }).click()
  await page.waitForSelector('.preview pre')
  assert.match(await text('.preview pre'), /<script>window\.ran/)
  assert.match(await text('h1'), /onerror/)
  assert.equal(await page.evaluate(() => window.ran), undefined)
})

test('a page begins at its top, and one that is come back to where it was left', async () => {
  await show(scenes.hurt(), '#/events', { viewport: { width: 1280, height: 500 } })
  await page.waitForSelector('.stream li')
  await page.evaluate(() => scrollTo(0, 900))
  await page.locator('.stream a').nth(30).click()
  await page.waitForSelector('main article')
  assert.equal(await page.evaluate(() => scrollY), 0)
  await page.goBack()
  await page.waitForSelector('.stream li')
  await until(() => Math.abs(scrollY - 900) < 200)
})

test('a list of many contents draws only what is seen, and loads as it is scrolled', async () => {
  const world = new World()
  const id = world.addContent('one', 1000)
  const one = world.tables.contents.get(id)
  for (let i = 0; i < 6000; i++) {
    const key = `c${String(i).padStart(7, '0')}`
    world.tables.contents.set(key, { ...one, id: key, name: `file-${i}`, created: one.created + i })
  }
  await show(world, '#/files')
  await until(() => Number(document.querySelector('p.foot')?.textContent.replace(/\D/g, '')) >= 2000)
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
  await until(() => {
    scrollTo(0, document.body.scrollHeight)
    return document.querySelector('p.foot').textContent === '6,001 contents'
  })
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
})

test('nothing is wider than a narrow screen', async () => {
  const world = await show(scenes.hurt(), '#/', { viewport: { width: 360, height: 740 } })
  const piece = [...world.tables.pieces.keys()][0]
  const deal = [...world.tables.deals.keys()][0]
  const content = scenes.idOf(world, 'photographs')
  const pages = ['/', '/files', `/files/${content}`, `/contents/${content}`, '/buckets', '/pieces', `/pieces/${piece}`, '/deals', `/deals/${deal}`, '/providers', '/providers/t01001', '/events', '/node']
  for (const p of pages) {
    await page.goto(`${mock.url}/#${p}`)
    await page.waitForSelector('main h1')
    await until(() => !document.querySelector('.waiting'))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${p} is ${over} px too wide`)
  }
})

test('every control has a name for a screen reader', async () => {
  await show(scenes.working(), '#/files')
  for (const p of ['/', '/files', '/buckets', '/events', '/node']) {
    await page.goto(`${mock.url}/#${p}`)
    await page.waitForSelector('main h1')
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, select, svg[role=img], [role=grid]')]
        .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.title))
        .map((e) => e.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(unnamed, [], p)
  }
})
