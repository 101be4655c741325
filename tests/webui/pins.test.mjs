// Pins, and what the node runs short of. In a real Chromium over the mock of
// the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as scenes from './scenes.mjs'
import { choose, mock, onStage, page, press, says, show, text, tidy, until } from './stage.mjs'

onStage()

const rows = (n) => until((k) => document.querySelectorAll('.grid .body .tr').length === k, n)

test('without a pin the page says what one is, and the command that makes it', async () => {
  await show(scenes.empty(), '/files')
  await page.getByRole('link', { name: 'Pins', exact: true }).click()
  await says('.empty', 'also when its content is deleted')
  assert.match(await text('.empty'), /weir pin add CID/)
})

test('pins are listed with what they keep; one is made, what is refused is said', async () => {
  const world = await show(scenes.pinned(), '/pins')
  await rows(4)
  await says('h1', 'pins keep blocks on this node')
  assert.match(await text('.grid .body'), /this block alone/)
  await press('New pin')
  await page.locator('dialog input[type=text]').first().fill('bafybeinothere')
  await press('Pin it')
  await says('dialog .problem', 'A block is not here.')
  await page.locator('dialog input[type=text]').first().fill('bafybei' + 'n'.repeat(52))
  await page.locator('dialog input[type=text]').last().fill('night sky')
  assert.match(await text('dialog .command'), /weir pin add bafybein+ --name 'night sky'/)
  await press('Pin it')
  await says('.toast', '34 blocks are kept here until the pin is taken away.')
  await page.mouse.move(5, 5)
  await rows(5)
  assert.equal(world.pins.size, 5)
})

test('a pin is taken away, also somebody else’s', async () => {
  const world = await show(scenes.pinned(), '/pins')
  await choose('What to do with survey.parquet', 'Take the pin away…')
  assert.match(await text('dialog'), /What will be lost[\s\S]*88 MiB[\s\S]*What will still exist[\s\S]*weir pin rm/)
  await press('Take it away')
  await page.mouse.move(5, 5)
  await rows(3)
  const other = [...world.pins.values()].find((p) => p.owner !== 'local')
  await choose(`What to do with ${other.cid}`, 'Take the pin away…')
  await press('Take it away')
  await page.mouse.move(5, 5)
  await rows(2)
  assert.ok([...world.pins.values()].every((p) => p.owner === 'local'))
})

test('a content is pinned from its own menu', async () => {
  const world = await show(scenes.done(), '/files')
  await choose('What to do with photographs', 'Pin its blocks here…')
  await press('Pin it')
  await says('.toast', 'are kept here')
  assert.deepEqual([...world.pins.values()].map((p) => p.name), ['photographs'])
})

test('a disk that is nearly full is told of, with what to do', async () => {
  await show(scenes.scarce(), '/node')
  await says('.banner', 'The disk is nearly full: 3 GiB are free.')
  assert.match(await text('section[aria-label=Store]'), /To make room[\s\S]*weir store gc/)
})

test('a disk that fills up is told of on every page as it happens, and no more when there is room again', async () => {
  const world = await show(scenes.done(), '/files')
  assert.equal(await page.locator('.banner').count(), 0)
  const tell = (freeBytes) => {
    world.freeBytes = freeBytes
    mock.sendNode()
  }
  tell(9 * 2 ** 30)
  await says('.banner', 'The disk is nearly full: 9 GiB are free.')
  tell(700 * 2 ** 20)
  await says('.banner', '700 MiB are free.')
  await page.locator('.banner a').click()
  await says('section[aria-label=Store] .facts', '700 MiB · nearly full')
  tell(2 ** 40)
  await until(() => !document.querySelector('.banner') && !document.querySelector('section[aria-label=Store] .words'))
})

test('pins that others make or take are seen without a reload; they are found by name and by whose they are', async () => {
  const world = await show(scenes.pinned(), '/pins')
  await rows(4)
  await page.mouse.move(5, 5)
  const [first] = world.pins.values()
  const cid = 'bafkrei' + 'q'.repeat(52)
  world.pins.delete(`${first.cid}@${first.owner}`)
  world.pin(cid, { name: 'from elsewhere' })
  mock.sendNode()
  await says('.grid .body', 'from elsewhere')
  await rows(4)
  await page.locator('[data-search]').fill('ELSE')
  await rows(1)
  await says('h1', 'pin that matches keeps blocks')
  await page.locator('[data-search]').fill('')
  await page.locator('.filter select').selectOption('ffs')
  await rows(1)
  assert.match(await text('.grid .body'), /hot copy of/)
  await choose(/^What to do with/, 'Take the pin away…')
  assert.match(await text('dialog'), /still says that a hot copy is wanted/)
})

test('a wallet with nothing on it is told of, with what that means', async () => {
  await show(Object.assign(scenes.done(), { balance: '0' }), '/node')
  await says('section[aria-label=Wallets] .words', 'no deal can be proposed until one of them is funded')
})

test('on a narrow screen a pin can be taken away too', async () => {
  await show(scenes.pinned(), '/pins', { viewport: { width: 360, height: 740 } })
  assert.equal(await page.locator('.rail [aria-current]').innerText(), 'Files')
  await choose('What to do with survey.parquet', 'Take the pin away…')
  await says('dialog', 'What will be lost')
})

test('none of it is wider than a narrow screen, and every control has a name', async () => {
  await show(scenes.pinned(), '/pins', { viewport: { width: 360, height: 740 } })
  await tidy(['/pins', '/node', '/files'])
})
