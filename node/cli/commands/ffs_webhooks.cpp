// ffs webhook add, ls, show, set, test, rm: where the events of an instance go.
#include "node/cli/commands/ffs_shared.hpp"
#include "node/json/writer.hpp"

namespace weir::cli {

namespace {

std::string hooks_path(context& c) {
  return instance_path(c) + "/webhooks";
}

std::string hook_path(context& c) {
  return hooks_path(c) + "/" + coded(c.argument(0));
}

void event_members(context& c, json::writer& w) {
  if (!c.given().has("event"))
    return;
  w.key("events").begin_array();
  for (const auto& name : c.given().all("event"))
    w.value(name);
  w.end_array();
}

int add(context& c) {
  json::writer w;
  w.begin_object().member("url", c.argument(0));
  event_members(c, w);
  w.end_object();
  return show_secret(c, c.node().send("POST", hooks_path(c), w.take()), "signingSecret",
                     "The secret is not shown again.");
}

int ls(context& c) {
  return list_items(c, hooks_path(c), {}, {"ID", "STATE", "URL", "LAST ERROR"}, [](const json::value& h) {
    return std::vector<std::string>{h["id"].text, h["state"].text, h["url"].text, h["err"]["message"].text};
  });
}

int show(context& c) {
  return show_item(c, hook_path(c));
}

int set(context& c) {
  json::writer w;
  w.begin_object();
  if (c.given().has("url"))
    w.member("url", c.given().get("url"));
  event_members(c, w);
  w.end_object();
  return c.done(c.node().send("PATCH", hook_path(c), w.take()));
}

int test(context& c) {
  auto said = c.node().send("POST", hook_path(c) + "/test", "{}");
  if (!said)
    return c.fail(said.error());
  bool delivered = (*said)["delivered"].boolean();
  if (c.json())
    c.object(*said);
  else
    c.line(delivered ? "delivered" : "not delivered: " + (*said)["err"]["message"].text);
  return delivered ? 0 : 1;
}

int rm(context& c) {
  return c.done(c.node().send("DELETE", hook_path(c)));
}

} // namespace

std::vector<command> ffs_webhook_commands() {
  const option event{"event", "NAME", "job.done, or all of job, or alerts; may be repeated; all otherwise", true};
  return {
      {"ffs webhook add",
       "URL",
       "Have the events of an instance delivered to a URL; its secret is shown once.",
       "weir ffs webhook add https://example.org/hook --event alerts",
       {instance_option, event},
       1,
       1,
       add},
      {"ffs webhook ls", "", "List the webhooks of an instance.", "weir ffs webhook ls", {instance_option}, 0, 0, ls},
      {"ffs webhook show", "ID", "Show a webhook.", "weir ffs webhook show ID", {instance_option}, 1, 1, show},
      {"ffs webhook set",
       "ID",
       "Change where a webhook delivers to, or what.",
       "weir ffs webhook set ID --url https://example.org/new",
       {instance_option, {"url", "URL", "the new one"}, event},
       1,
       1,
       set},
      {"ffs webhook test",
       "ID",
       "Deliver a test event at once, and say what came of it.",
       "weir ffs webhook test ID",
       {instance_option},
       1,
       1,
       test},
      {"ffs webhook rm", "ID", "Remove a webhook.", "weir ffs webhook rm ID", {instance_option}, 1, 1, rm},
  };
}

} // namespace weir::cli
