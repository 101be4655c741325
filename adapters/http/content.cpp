#include "adapters/http/content.hpp"

#include "adapters/http/ranges.hpp"
#include "messages/types/result.hpp"

#include <array>

namespace weir::http {

namespace {

struct mime_entry {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array mime_types{
    mime_entry{"html", "text/html; charset=utf-8"},
    mime_entry{"htm", "text/html; charset=utf-8"},
    mime_entry{"css", "text/css; charset=utf-8"},
    mime_entry{"js", "text/javascript; charset=utf-8"},
    mime_entry{"mjs", "text/javascript; charset=utf-8"},
    mime_entry{"json", "application/json"},
    mime_entry{"txt", "text/plain; charset=utf-8"},
    mime_entry{"md", "text/markdown; charset=utf-8"},
    mime_entry{"csv", "text/csv; charset=utf-8"},
    mime_entry{"xml", "application/xml"},
    mime_entry{"svg", "image/svg+xml"},
    mime_entry{"png", "image/png"},
    mime_entry{"jpg", "image/jpeg"},
    mime_entry{"jpeg", "image/jpeg"},
    mime_entry{"gif", "image/gif"},
    mime_entry{"webp", "image/webp"},
    mime_entry{"avif", "image/avif"},
    mime_entry{"ico", "image/x-icon"},
    mime_entry{"pdf", "application/pdf"},
    mime_entry{"wasm", "application/wasm"},
    mime_entry{"woff", "font/woff"},
    mime_entry{"woff2", "font/woff2"},
    mime_entry{"mp3", "audio/mpeg"},
    mime_entry{"ogg", "audio/ogg"},
    mime_entry{"wav", "audio/wav"},
    mime_entry{"flac", "audio/flac"},
    mime_entry{"mp4", "video/mp4"},
    mime_entry{"webm", "video/webm"},
    mime_entry{"zip", "application/zip"},
    mime_entry{"gz", "application/gzip"},
    mime_entry{"tar", "application/x-tar"},
    mime_entry{"car", "application/vnd.ipld.car"},
};

response beyond(headers fields, std::string asked, std::uint64_t size) {
  auto out = response::problem(fail(errc::invalid_range, "The range has none of its bytes; ask for others.",
                                    std::move(asked), std::to_string(size) + " bytes"));
  for (const auto& field : fields)
    out.fields.add(field.name, field.value);
  return out;
}

} // namespace

std::string_view mime_type(std::string_view name) {
  auto dot = name.rfind('.');
  if (dot != std::string_view::npos)
    for (const auto& entry : mime_types)
      if (same_name(entry.extension, name.substr(dot + 1)))
        return entry.type;
  return "application/octet-stream";
}

content_plan plan_content(const request& asked, std::uint64_t size, std::string_view type, std::string_view etag,
                          headers fields) {
  content_plan out;
  out.first.fields = std::move(fields);
  out.first.fields.set("Accept-Ranges", "bytes");
  if (!etag.empty())
    out.first.fields.set("ETag", std::string{etag});
  auto none = asked.header("If-None-Match");
  if (none && !etag.empty() && none_match(*none, etag)) {
    out.answer = response{304, std::move(out.first.fields), {}};
    return out;
  }
  auto range = answer_range(asked.header("Range"), asked.header("If-Range"), etag, size);
  if (range.what != range_answer::kind::whole)
    out.first.fields.set("Content-Range", range.field);
  if (range.what == range_answer::kind::unsatisfiable) {
    out.answer = beyond(std::move(out.first.fields), asked.fields.joined("Range"), size);
    return out;
  }
  out.first.fields.set("Content-Type", std::string{type});
  out.first.status = range.what == range_answer::kind::part ? 206 : 200;
  out.first.length = range.length;
  out.offset = range.offset;
  out.length = range.length;
  return out;
}

void respond_content(exchange& x, content what) {
  bool from_file = what.file.get() >= 0;
  auto size = from_file ? what.size : what.memory.view.size();
  auto plan = plan_content(x.request(), size, what.type, what.etag, std::move(what.fields));
  if (plan.answer)
    return x.respond(std::move(*plan.answer));
  if (from_file)
    return x.send_file(std::move(plan.first), std::move(what.file), plan.offset, plan.length);
  what.memory.view = what.memory.view.subspan(plan.offset, plan.length);
  x.respond({plan.first.status, std::move(plan.first.fields), std::move(what.memory)});
}

} // namespace weir::http
