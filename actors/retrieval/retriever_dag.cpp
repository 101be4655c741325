// How the retriever gives a whole DAG out: as a CAR, part after part, blocks
// that are not here fetched on the way.
#include "actors/retrieval/retriever_state.hpp"
#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"

namespace weir {

namespace {

constexpr std::size_t part_size = 1 << 20;
/// Other reads wait no longer for a part of a walk that only counts.
constexpr std::uint64_t blocks_of_part = 1000;

void append_frame(bytes& out, const cid& id, bytes_view block) {
  put_varint(out, id.data().size() + block.size());
  out.insert(out.end(), id.data().begin(), id.data().end());
  out.insert(out.end(), block.begin(), block.end());
}

} // namespace

status dag_reading::step(const read_dag& wanted, block_source& source) {
  if (!car)
    car = std::make_shared<bytes>();
  const auto last = walk.blocks() + blocks_of_part;
  while (car->size() < part_size && walk.blocks() < last) {
    const auto* id = walk.next();
    if (id == nullptr) {
      done = true;
      return {};
    }
    if (wanted.data && !begun)
      *car = car_header({*id});
    begun = true;
    WEIR_CHECK(source.get(*id, block));
    std::vector<cid> links;
    if (!wanted.only_root)
      WEIR_CHECK(links_of(*id, block, links));
    if (wanted.data)
      append_frame(*car, *id, block);
    bytes_read += block.size();
    WEIR_CHECK(walk.opened(std::move(links)));
  }
  return {};
}

caf::typed_response_promise<dag_part> retriever_state::read(const read_dag& wanted) {
  auto answer = self->make_response_promise<dag_part>();
  auto r = find(wanted.read);
  if (!r) {
    answer.deliver(to_caf(r.error()));
    return answer;
  }
  if (!(*r)->dag)
    (*r)->dag = std::make_unique<dag_reading>((*r)->entry.cid);
  auto take = [read = *r, wanted] { return read->dag->step(wanted, *read->source); };
  with_blocks(*r, take, [read = *r, answer](const status& s) mutable {
    if (!s) {
      answer.deliver(to_caf(s.error()));
      return;
    }
    auto& dag = *read->dag;
    answer.deliver(dag_part{std::exchange(dag.car, nullptr), dag.walk.blocks(), dag.bytes_read, dag.done});
  });
  return answer;
}

} // namespace weir
