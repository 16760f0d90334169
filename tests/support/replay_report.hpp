// replay_report: what replay says about each event, and what it keeps to itself.
//
// A line for the event. Under it, each with its caret where it has a place: what the session refuses
// ("the sentence (RFC ...)"), and what it took under its quirks though the RFC's letter does not
// ("by the letter: ..."). Every line of the client goes through replay_secrets on its way here.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_REPORT_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_REPORT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "sansmtp/sansmtp.hpp"
#include "support/replay_page.hpp"
#include "support/replay_secrets.hpp"
#include "support/replay_words.hpp"
#include "support/transcript.hpp"

namespace support {

// Where a line of the client stands.
struct replay_context {
  sansmtp::phase before;
  bool pipelined;  // it did not wait for the reply to what stands before it
  bool impatient;  // and should have
  bool tls;
};

// What the next reply answers.
struct replay_question {
  sansmtp::act what = sansmtp::act::other;
  std::string name;      // empty for the greeting
  bool refused = false;  // by the session
};

class replay_report {
 public:
  using phase = sansmtp::phase;
  using errc = sansmtp::errc;

  explicit replay_report(bool colour) : page_(colour) {}

  std::string take() { return page_.take(); }
  void remark(std::string_view text) { page_.remark(text); }
  void sentence(errc code) { page_.sentence(sentence_of(code)); }
  void early() { early_ = true; }

  void event(const transcript_entry& entry, phase before, phase after) {
    std::string_view words;
    for (const auto& form : event_forms)
      if (form.what == entry.what) words = form.words;
    const bool opens = entry.what == happening::new_connection || entry.what == happening::fresh;
    page_.line("--", opens ? "" : between(before, after), words, visible(entry.argument), tone::dim);
  }

  // ---- the client's lines; those that are answered give the name by which the answer calls them

  std::string command(const replay_context& where, const sansmtp::command& given, std::string_view line,
                      std::optional<std::uint64_t> size_limit) {
    using namespace sansmtp;
    const std::string shown_line = secrets_.cover(line, false);
    const bool secret = secrets_.covered();
    std::string name(name_of(verb_of(given))), words = fields(given);
    if (const auto* unlisted = std::get_if<other>(&given)) {
      name = visible(unlisted->name);
      if (secret)
        name = "line", words = redacted(line.size());
      else if (unlisted->kind == verb::unknown)
        words += words.empty() ? "unknown verb" : " unknown verb";
    }
    const auto* login = std::get_if<auth>(&given);
    if (login != nullptr && admission::is_cleartext(login->mechanism) && !where.tls) words += ", in the clear";
    say(where, name, words);
    const auto* from = std::get_if<mail>(&given);
    if (from != nullptr && size_limit && from->parameters.size().value_or(0) > *size_limit)
      page_.caret(shown_line, place_of_size(*from, line), sentence_of(errc::message_too_large));
    // An initial response may not make the line longer than other commands are (RFC 4954 4).
    if (login != nullptr && line.size() + 2 > limits::command_line)
      page_.caret(shown_line, limits::command_line, "by the letter: " + sentence_of(errc::line_too_long));
    if (const auto strict = parse_command(line); !strict)
      page_.caret(shown_line, strict.error().at, "by the letter: " + sentence_of(strict.error().code));
    complain(where);
    return name;
  }

  void response(const replay_context& where, std::string_view line) {
    (void)secrets_.cover(line, true);
    const auto octets = sansmtp::base64_text::parse(line);
    say(where, "response",
        line.empty() ? "an empty response" : redacted(octets ? octets->decoded_size() : line.size()));
    complain(where);
  }

  std::string refused_line(const replay_context& where, sansmtp::act what, std::string_view line, sansmtp::fault why,
                           std::size_t behind) {
    using namespace sansmtp;
    const std::string shown_line = secrets_.cover(line, what == act::auth_response);
    const bool secret = secrets_.covered();
    std::string name(name_of(what));
    if (name.ends_with(" LAST")) name.resize(name.size() - 5);  // the verb alone
    if (what == act::other) {
      name = secret ? std::string() : visible(line.substr(0, std::min(limits::verb, span_of(octet_class::verb, line))));
      if (name.empty()) name = "line";
    }
    say(where, name, behind == 0 ? "refused" : "refused, " + counted(behind, "octet") + " behind it passed over",
        tone::bad);
    page_.caret(shown_line, why.at, sentence_of(why.code));
    complain(where);
    return name;
  }

  // `message`: all chunks so far, where a fault in their octets has its place.
  void chunk(const replay_context& where, std::string_view line, const sansmtp::bdat& given, std::string_view octets,
             std::optional<sansmtp::fault> why, std::string_view message) {
    say(where, "BDAT", fields(given) + ": " + content_words(octets) + (why ? ", refused" : ""),
        why ? tone::bad : tone::client);
    if (why && why->code != errc::message_bare_cr && why->code != errc::message_bare_lf)
      page_.caret(line, why->at, sentence_of(why->code));
    else if (why)
      point_into(message, *why);
    complain(where);
  }

  // `wire`: with its dots, and its end unless `flaw` tells what is the matter with that.
  void message(const replay_context& where, std::string_view wire, std::optional<sansmtp::fault> why,
               std::string_view flaw) {
    std::string words = message_words(wire, flaw.empty());
    if (why) words += ", refused";
    if (!flaw.empty()) words = wire.empty() ? std::string(flaw) : words.append(", ").append(flaw);
    say(where, "message", words, why ? tone::bad : tone::client);
    if (why) point_into(wire, *why);
    complain(where);
  }

  // A message or a BDAT LAST that nobody is to have; `line` is empty for a message.
  void for_nobody(const replay_context& where, std::string_view line, std::string_view octets, phase after) {
    const std::string words =
        line.empty() ? message_words(octets, true) : visible(line.substr(std::min<std::size_t>(5, line.size())));
    page_.line(side(where), between(where.before, after), line.empty() ? "message" : "BDAT", words, tone::client);
    page_.sentence("no recipient was accepted, so no reply is due (RFC 2033 4.3)");
  }

  void unfinished(const replay_context& where, std::string_view chunk_line, std::string_view octets) {
    if (!chunk_line.empty())
      say(where, "BDAT",
          visible(chunk_line.substr(std::min<std::size_t>(5, chunk_line.size()))) + ": " + content_words(octets) +
              ", unfinished");
    else if (where.before == phase::data)
      say(where, "message", message_words(octets, false) + ", unfinished");
    else
      say(where, "line", counted(octets.size(), "octet") + ", unfinished");
  }

  // Octets in the clear behind STARTTLS.
  void residue(from who, std::string_view octets) {
    page_.line(who == from::client ? "C" : "S", between(phase::tls, phase::closed), "residue",
               counted(octets.size(), "octet"), tone::bad);
    std::string_view line = octets.substr(0, octets.find("\r\n"));
    page_.caret(who == from::client ? secrets_.cover(line, false) : secrets_.hide(line), 0,
                sentence_of(errc::tls_residue));
    (void)secrets_.covered();
  }

  // ---- the server's replies

  struct reply_context {
    phase before, after;
    bool expected;               // something asked for it
    bool guessed;                // what, is a guess
    bool whole;                  // it is what came, and does not stand in for what could not be read
    std::string_view recipient;  // whom it is for, in LMTP behind a message
    std::string_view mechanism;  // of the exchange
  };

  void reply(const reply_context& where, const sansmtp::reply& said, const replay_question& to) {
    using namespace sansmtp;
    const bool hello = where.whole && conversation::hellos.has(to.what) && said.code().positive();
    const bool exchange = said.code() == 334 && (to.what == act::auth || to.what == act::auth_response);
    std::string words = !where.expected ? "unasked" : to.what == act::greeting ? "greeting" : "to " + to.name;
    if (where.guessed && to.what != act::greeting) words += '?';
    if (!where.recipient.empty()) words += " for " + visible(where.recipient);
    const auto octets = base64_text::parse(said.text());
    if (exchange && octets)
      words += ", " + challenge_words(*octets, where.mechanism);
    else if (hello && to.what != act::helo)
      words += ' ' + in_quotes(secrets_.hide(*said.raw_lines().begin())) +
               offer_words(said, capabilities::learn(said, quirks::deployed));
    else
      words += texts(said);
    page_.line("S", between(where.before, where.after), status_words(said), words, tone_of(said.code()));
    complain_of(said, hello && to.what != act::helo);
    if (exchange && !octets) page_.sentence(sentence_of(octets.error().code));
    if (!where.expected && !said.code().closing()) page_.sentence(sentence_of(errc::reply_unexpected));
    if (to.refused && !said.code().refuses() && where.after != phase::closed)
      page_.remark("the server is more lenient than that, and is believed");
  }

  // What the session answers where nobody else does.
  void own_reply(phase before, phase after, const sansmtp::reply& said, const replay_question& to) {
    page_.line("s", between(before, after), status_words(said), to.name.empty() ? "greeting" : "to " + to.name,
               tone_of(said.code()));
  }

  // Under the line of a reply, or in its place when it has no code: what is wrong with its octets.
  void malformed(std::optional<phase> alone, std::string_view octets, sansmtp::fault why) {
    if (alone) page_.line("S", name_of(*alone), "line", "no reply", tone::bad);
    const std::size_t lf = octets.find('\n', why.at);
    octets = octets.substr(0, lf == why.at ? lf + 1 : lf);
    if (octets.size() > why.at + 1 && octets.ends_with('\r')) octets.remove_suffix(1);
    page_.caret(secrets_.hide(octets), why.at, sentence_of(why.code));
  }

  // A line that no session judges. Of a client's only the verb is shown: it may hold a secret.
  void passed(from who, phase at, std::string_view octets, std::string_view flaw) {
    using namespace sansmtp;
    const std::string_view word = octets.substr(0, span_of(octet_class::verb, octets));
    while (who == from::server && (octets.ends_with('\n') || octets.ends_with('\r'))) octets.remove_suffix(1);
    if (who == from::server)
      page_.line("S", name_of(at), "line", std::string(flaw) + ' ' + in_quotes(secrets_.hide(octets)), tone::dim);
    else if (verb_named(word) != verb::unknown)
      page_.line("C", name_of(at), visible(word), flaw, tone::dim);
    else
      page_.line("C", name_of(at), "line", counted(octets.size(), "octet") + ", " + std::string(flaw), tone::dim);
  }

 private:
  static std::string_view side(const replay_context& where) { return where.pipelined ? "C+" : "C"; }

  static std::string between(phase before, phase after) {
    std::string out(name_of(before));
    if (before != after) out.append(" -> ").append(name_of(after));
    return out;
  }

  static tone tone_of(sansmtp::reply_code code) {
    return code.positive() ? tone::good : code.intermediate() ? tone::more : tone::bad;
  }

  void say(const replay_context& where, std::string_view name, std::string_view words, tone t = tone::client) {
    page_.line(side(where), name_of(where.before), name, words, t);
  }

  void complain(const replay_context& where) {
    if (std::exchange(early_, false))
      page_.sentence(sentence_of(errc::early_talk));
    else if (where.impatient)
      page_.sentence(sentence_of(errc::awaiting_reply));
  }

  // What the RFC's letter has against a reply that was taken.
  void complain_of(const sansmtp::reply& said, bool offers) {
    using namespace sansmtp;
    const auto strict = sansmtp::reply::parse(said.octets());
    std::size_t begin = 0;
    for (std::string_view text : said.raw_lines()) {
      const std::string_view line = said.octets().substr(begin, said.octets().find("\r\n", begin) - begin);
      const auto point = [&](fault why, std::string_view how) {
        page_.caret(secrets_.hide(line), why.at, std::string(how) + sentence_of(why.code));
      };
      constexpr std::string_view by_letter = "by the letter: ";
      if (!strict && strict.error().at >= begin && strict.error().at <= begin + line.size())
        point({strict.error().code, static_cast<std::uint32_t>(strict.error().at - begin)}, by_letter);
      if (line.size() + 2 > limits::reply_line && said.code() != 334)
        point({errc::reply_line_too_long, limits::reply_line}, by_letter);
      if (const auto listed = ehlo_line::parse(text); offers && begin != 0 && !listed)
        point(listed.error() + (line.size() - text.size()), ehlo_line::parse(text, quirks::deployed) ? by_letter : "");
      begin += line.size() + 2;
    }
  }

  // The texts of a reply, one behind the other.
  std::string texts(const sansmtp::reply& said) const {
    constexpr std::size_t most = 8;
    std::string out;
    std::size_t n = 0;
    for (std::string_view text : said.lines()) {
      if (n++ == most) return out + " and " + counted(said.line_count() - most, "line") + " more";
      if (!text.empty() || said.line_count() > 1) out += ' ' + in_quotes(secrets_.hide(text));
    }
    return out;
  }

  static std::string message_words(std::string_view wire, bool ended) {
    std::string content;
    sansmtp::data_decoder decoder(sansmtp::bare_newline::keep);
    std::size_t dots = 0;
    for (std::size_t at = 0; at < wire.size();) {
      if (wire[at] == '.') ++dots;
      const auto end = wire.find("\r\n", at);
      at = end == wire.npos ? wire.size() : end + 2;
    }
    for (bool end = false; !end && !wire.empty();) {
      const auto piece = decoder.decode(wire);
      content += piece.bytes;
      wire.remove_prefix(piece.used);
      end = piece.end;
    }
    dots -= ended ? 1 : 0;
    return content_words(content, dots);
  }

  // The line of a message in which the fault lies.
  void point_into(std::string_view message, sansmtp::fault why) {
    const std::size_t at = std::min<std::size_t>(why.at, message.size());
    const std::size_t before = message.substr(0, at).rfind("\r\n");
    const std::size_t begin = before == message.npos ? 0 : before + 2;
    const std::size_t end = message.find("\r\n", at);
    page_.caret(message.substr(begin, end == message.npos ? end : end - begin), at - begin, sentence_of(why.code));
  }

  static std::size_t place_of_size(const sansmtp::mail& m, std::string_view line) {
    const auto p = m.parameters.raw().find("SIZE");
    const std::size_t list = line.find(m.parameters.raw().text());
    return p && list != line.npos ? list + p->value_at() : 0;
  }

  replay_page page_;
  replay_secrets secrets_;
  bool early_ = false;
};

}  // namespace support

#endif
