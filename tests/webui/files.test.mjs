// Files: added, found, opened, changed, deleted. In a real Chromium
// over the mock of the API.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { World } from './mock/world.mjs'
import * as scenes from './scenes.mjs'
import { mock, onStage, page, says, show, text, until } from './stage.mjs'

const MiB = 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'weir-webui-files-'))
after(() => rmSync(folder, { recursive: true, force: true }))
onStage()

test('new rows wait while the pointer is over the list', async () => {
  const world = await show(scenes.done(), '/files')
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

test('files that are dropped become contents', async () => {
  const world = await show(scenes.empty(), '/')
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
  const world = await show(scenes.empty(), '/')
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

test('deleting says what is lost and what stays, and needs the name typed', async () => {
  const world = await show(scenes.done(), '/files')
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

test('a content that is not safe cannot be offloaded, and says why', async () => {
  await show(scenes.working(), '/files')
  await page.locator('.tr', { hasText: 'thesis.pdf' }).locator('.opener').click()
  const item = page.getByRole('menuitem', { name: 'Drop the local copy…' })
  assert.equal(await item.getAttribute('aria-disabled'), 'true')
  assert.match(await item.getAttribute('title'), /may be the only one/)
})

test('what strangers stored is shown as text and never runs', async () => {
  const world = scenes.empty()
  const tree = [{ name: 'evil.html', type: 'file', size: 60, cid: 'bafkrei' + 'x'.repeat(52) }]
  const name = '<img src=x onerror=window.ran=1>'
  const id = world.addContent(name, 60, { files: 2, tree })
  await show(world, `/files/${id}`)
  mock.bytes = (res) => res.end('<script>window.ran = true</script><b>bold</b>')
  await page.getByRole('button', { name: 'evil.html', exact: true }).click()
  await page.waitForSelector('.preview pre')
  assert.match(await text('.preview pre'), /<script>window\.ran/)
  assert.match(await text('h1'), /onerror/)
  assert.equal(await page.evaluate(() => window.ran), undefined)
})

test('a list of many contents draws only what is seen, and loads as it is scrolled', async () => {
  const world = new World()
  const id = world.addContent('one', 1000)
  const one = world.tables.contents.get(id)
  for (let i = 0; i < 6000; i++) {
    const key = `c${String(i).padStart(7, '0')}`
    world.tables.contents.set(key, { ...one, id: key, name: `file-${i}`, created: one.created + i })
  }
  await show(world, '/files')
  await until(() => Number(document.querySelector('p.foot')?.textContent.replace(/\D/g, '')) >= 2000)
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
  await until(() => {
    scrollTo(0, document.body.scrollHeight)
    return document.querySelector('p.foot').textContent === '6,001 contents'
  })
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
})
