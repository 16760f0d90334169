// Any octets as a local part, a mailbox, a path, and what stands at the front of a longer text.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/grammar/path.hpp"

using properties::require;
using sansmtp::quirks;

namespace {

std::string unquoted(const sansmtp::local_part& local) {
  std::string room(local.text().size(), '\0');
  sansmtp::writer out{room};
  require(local.unquote(out).has_value(), "the content is never longer than the text");
  return std::string(out.written());
}

// Quoted as little as can be, it is still the same local part.
void quotes(const sansmtp::mailbox& m) {
  const std::string raw = unquoted(m.local());
  sansmtp::output_buffer<512> out;
  const auto composed = sansmtp::mailbox::compose(raw, m.host(), out);
  if (!composed) {
    require(out.empty() && m.local().text().size() > sansmtp::limits::local_part, "only the too long is not composed");
    return;
  }
  require(*composed == m && composed->text() == out.written(), "a mailbox is composed of its parts");
  require(composed->text().size() <= m.text().size(), "with no more quoting than it had");
  require(composed->is_ascii() == m.is_ascii(), "in the same octets");
  const auto again = sansmtp::mailbox::parse(composed->text(), quirks::all);
  require(again && *again == m, "and parsed again");
}

template <class Path>
void is_path(std::string_view text) {
  properties::parses<Path>(text);
  properties::under_every_leniency(
      text, [](std::string_view t, quirks q) { return Path::parse_prefix(t, q); },
      [&](const sansmtp::path_prefix<Path>& front, quirks leniency) {
        require(front.used != 0 && front.used <= text.size(), "a path is octets of the text");
        const std::string alone(text.substr(0, front.used));
        const auto whole = Path::parse(alone, leniency);
        require(whole && *whole == front.path && whole->text() == front.path.text(), "a path at the front is a path");
        const std::string longer = alone + " X=>y";
        const auto again = Path::parse_prefix(longer, leniency);
        require(again && again->used == front.used && again->path == front.path, "whatever follows behind a SP");
        const std::string out = properties::written(front.path);
        require(out.front() == '<' && out.back() == '>', "it is written in brackets");
        const auto back = Path::parse(out, leniency);
        require(back && *back == front.path && back->source_route().empty(), "and read again without its route");
        if (front.path.mailbox().text().empty()) return;
        require(Path(front.path.mailbox()) == front.path, "a path is made of its mailbox");
        quotes(front.path.mailbox());
      });
}

// A mailbox is a local part, "@" and a host, wherever that "@" stands; in brackets it is a path.
void is_mailbox(std::string_view text, quirks leniency) {
  bool whole = false;
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1))
    whole = whole || (sansmtp::local_part::parse(text.substr(0, at), leniency) &&
                      sansmtp::host::parse(text.substr(at + 1), leniency));
  const auto mailbox = sansmtp::mailbox::parse(text, leniency);
  require(mailbox.has_value() == (whole && text.size() <= sansmtp::limits::mailbox), "a mailbox is its parts");
  if (!mailbox) return;
  const auto host = sansmtp::host::parse(mailbox->host().text(), leniency);
  const auto local = sansmtp::local_part::parse(mailbox->local().text(), leniency);
  require(host && *host == mailbox->host() && local && same_local_part(*local, mailbox->local()),
          "its parts are those");
  quotes(*mailbox);
  const std::string path = '<' + std::string(text) + '>';
  const auto from = sansmtp::reverse_path::parse(path, leniency);
  const auto to = sansmtp::forward_path::parse(path, leniency);
  require(from && to && from->mailbox() == *mailbox && to->mailbox() == *mailbox, "in brackets it is a path");
  require(from->is_ascii() == mailbox->is_ascii(), "of the same octets");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  properties::parses<sansmtp::local_part>(text);
  properties::parses<sansmtp::mailbox>(text);
  is_path<sansmtp::reverse_path>(text);
  is_path<sansmtp::forward_path>(text);
  for (const quirks leniency : properties::every_leniency) is_mailbox(text, leniency);
  return 0;
}
