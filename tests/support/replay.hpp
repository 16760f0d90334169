// replay: a recorded dialogue, fed through both sessions, and what they see in it.
//
// The sessions watch (their options' `observe`) and move together. The client's octets go to the
// server session; each command that it tells is told to the client session too, and nothing more of
// the client is looked at until the recorded reply has come. The server's octets go to the client
// session; each reply that it tells is given to the server session as its answer. So what was
// pipelined waits in a queue, and every reply stands under its command. Where the recorded software
// is more lenient than the RFC, the session's refusal is printed and the software is believed.
//
// How the octets are cut changes nothing: whatever needs the end of something waits for it, or for
// the other side to speak. What is printed about each is in replay_report.hpp.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sansmtp/sansmtp.hpp"
#include "support/replay_exchange.hpp"
#include "support/replay_guess.hpp"
#include "support/replay_report.hpp"
#include "support/replay_sessions.hpp"
#include "support/transcript.hpp"

namespace support {

struct replay_options {
  bool colour = false;
  std::size_t cut = std::string_view::npos;  // the octets of an exchange are handed over cut in two here
  bool octet_by_octet = false;
};

class replayer : replay_sessions {
 public:
  // One exchange.
  static std::string run(std::span<const transcript_entry> entries, const replay_options& options = {}) {
    return replayer(entries, options).run();
  }

 private:
  using act = sansmtp::act;

  replayer(std::span<const transcript_entry> entries, const replay_options& options)
      : replay_sessions(look_ahead(entries)), options_(options), report_(options.colour) {
    start_both(exchange_.start, false);
  }

  std::string run() {
    if (exchange_.from_the_middle) report_.remark("taken up in phase " + std::string(name_of(exchange_.start)));
    if (client_alone()) report_.remark("the client's side alone: the session answers"), answer_by_default();
    for (auto entry = exchange_.entries.begin(); entry != exchange_.entries.end();) {
      if (entry->what != happening::none) {
        happen(*entry++);
        continue;
      }
      const from who = entry->who;
      std::string octets;
      for (; entry != exchange_.entries.end() && entry->what == happening::none && entry->who == who; ++entry)
        octets += entry->octets;
      hand_over(who, octets);
    }
    leave_over();
    return report_.take();
  }

  // ---- the dialogue

  void start_both(phase at, bool tls) {
    start_sessions(at, tls);
    asked_ = {at == phase::connect ? act::greeting : act::other, "", false};
    taken_.clear();
    chunk_.reset();
  }

  void hand_over(from who, std::string_view octets) {
    if (who == from::client) {
      runs_.push_back(client_handed_);
      if (now() == phase::connect && exchange_.two_sided()) report_.early();
      // In a log that does not tell of TLS, what a client says after the 220 can only be inside it.
      const bool residue = !client_unread_.empty() || !server_unread_.empty();
      if (now() == phase::tls && !residue && !exchange_.tells_of_tls) start_tls("not recorded");
    }
    while (!octets.empty()) {
      std::size_t size = options_.octet_by_octet ? 1 : octets.size();
      if (options_.cut > handed_) size = std::min(size, options_.cut - handed_);
      unread_of(who) += octets.substr(0, size);
      octets.remove_prefix(size);
      handed_ += size;
      if (who == from::client) client_handed_ += size;
      pump();
    }
    settle();
  }

  std::string& unread_of(from who) { return who == from::client ? client_unread_ : server_unread_; }

  void pump() {
    while (look() || hear()) continue;
  }

  // One side has finished speaking: what waited for its next octet waits no longer.
  void settle() {
    if (now() == phase::tls && (!client_unread_.empty() || !server_unread_.empty())) {
      // Octets in the clear where the handshake should be end both sessions.
      const from who = client_unread_.empty() ? from::server : from::client;
      (void)server_.receive(std::string_view(client_unread_));
      (void)client_.receive(std::string_view(server_unread_));
      end_both();
      report_.residue(who, unread_of(who));
      unread_of(who).clear();
    } else if (!server_unread_.empty() && client_.open()) {
      const auto size = probe_.scan(server_unread_, sansmtp::quirks::deployed);
      if (!size) hear_malformed(size.error(), true);
    }
    pump();
  }

  void happen(const transcript_entry& entry) {
    const phase before = now();
    switch (entry.what) {
      case happening::tls: return start_tls(entry.argument);
      case happening::tls_failed:
        if (before == phase::tls) start_both(phase::ready, false);
        break;
      case happening::close:
      case happening::reset: {
        const bool amid = !client_unread_.empty() || server_.owed() != 0;
        leave_over();
        const auto ended = server_alone() ? client_.end_of_input() : server_.end_of_input(amid ? "?" : "");
        end_both();
        report_.event(entry, before, now());
        if (ended.why && before != phase::closed) report_.sentence(ended.why->code);
        return;
      }
      default: break;
    }
    report_.event(entry, before, now());
  }

  void start_tls(std::string_view argument) {
    const phase before = now();
    const bool granted = before == phase::tls && client_unread_.empty() && server_unread_.empty();
    if (granted) {
      shake_hands();
    } else {
      client_unread_.clear();
      server_unread_.clear();
      start_both(before == phase::connect ? before : phase::greeted, true);
    }
    report_.event({from::event, happening::tls, "", std::string(argument), 0}, before, now());
    if (!granted && before != phase::connect) report_.remark("though STARTTLS was not granted just now");
  }

  // ---- the client's octets

  // One event of the server session; false when there is none to be had now.
  bool look() {
    using namespace sansmtp;
    // The end of a message or chunk may be told when all its octets are used up.
    const bool content = chunk_ || server_.phase() == phase::data;
    if ((client_unread_.empty() && !content) || server_.owed() != 0) return false;
    if (server_.phase() == phase::tls) return false;  // settle() judges it
    if (!server_.open()) {
      if (!client_.open()) return pass(from::client, "after the end");
      // A chunk of unknown size ends the session; this server went on.
      report_.remark("the session ends here, for the size is unknown; what follows is read as commands");
      server_ = new_server(client_.phase(), client_.tls());
    }
    const phase before = server_.phase();
    if (taken_.empty()) taken_from_ = client_handed_ - client_unread_.size();
    // In LMTP a message for nobody ends without an event: to see where, one octet more at a time.
    const bool slowly = exchange_.lmtp && server_.recipients() == 0 && transaction.has(before);
    std::size_t size = slowly ? std::min(looked_ + 1, client_unread_.size()) : client_unread_.size();
    server_step step = server_.receive(std::string_view(client_unread_).substr(0, size));
    while (std::holds_alternative<need_more>(step.event) && step.used == 0 && size != client_unread_.size())
      step = server_.receive(std::string_view(client_unread_).substr(0, ++size));
    looked_ = step.used == 0 ? size : 0;
    taken_.append(client_unread_, 0, step.used);
    const std::size_t began = chunk_ ? chunk_from_ : taken_from_;
    pipelined_ = exchange_.two_sided() && !std::binary_search(runs_.begin(), runs_.end(), began);
    bool more = std::visit([&](const auto& event) { return on(event, before); }, step.event);
    if (std::holds_alternative<need_more>(step.event) && step.used != 0) {
      if (server_.phase() != before) end_for_nobody(before);
      more = slowly;
    }
    client_unread_.erase(0, step.used);
    if (client_alone() && server_.owed() != 0) answer_by_default();
    return more;
  }

  bool on(const sansmtp::message_bytes&, phase) { return true; }

  // A command; of all other events there is nothing to say.
  template <class Event>
  bool on([[maybe_unused]] const Event& given, [[maybe_unused]] phase before) {
    using namespace sansmtp;
    if constexpr (!std::is_constructible_v<command, Event>)
      return false;
    else {
      const command whole(given);
      if constexpr (std::is_same_v<Event, auth>) mechanism_ = given.mechanism;
      if constexpr (std::is_same_v<Event, rcpt>) recipient_ = given.to.text();
      const std::string name = report_.command(line_context(before), whole, first_line(), offers_.size_limit());
      (void)client_.follow(whole);
      return asked(act_of(whole), name);
    }
  }

  bool on(const sansmtp::bdat& given, phase) {
    chunk_ = given;
    chunk_line_ = first_line();
    chunk_from_ = taken_from_;
    taken_.clear();
    return true;
  }

  bool on(const sansmtp::chunk_end&, phase before) { return end_chunk(before, std::nullopt); }

  bool on(const sansmtp::message_end&, phase before) {
    return chunk_ ? end_chunk(before, std::nullopt) : end_message(before, std::nullopt, "");
  }

  bool on(const sansmtp::auth_response&, phase before) {
    report_.response(line_context(before), first_line());
    (void)client_.follow(act::auth_response);
    return asked(act::auth_response, name_of(act::auth_response));
  }

  bool on(const sansmtp::refused& event, phase before) {
    if (chunk_) return end_chunk(before, event.why);
    if (event.what == act::message_end) return end_message(before, event.why, "");
    const std::string line = first_line();
    const std::size_t behind = taken_.size() - std::min(taken_.size(), line.size() + 2);
    const std::string name = report_.refused_line(line_context(before), event.what, line, event.why, behind);
    (void)client_.follow(event.what);
    return asked(event.what, name, true);
  }

  bool end_chunk(phase before, std::optional<sansmtp::fault> why) {
    message_ += taken_;
    report_.chunk(line_context(before), chunk_line_, *chunk_, taken_, why, message_);
    const sansmtp::command given(*chunk_);
    chunk_.reset();
    (void)client_.follow(given);
    return asked(sansmtp::act_within(sansmtp::act_of(given), exchange_.lmtp, false), name_of(sansmtp::verb::bdat),
                 why.has_value());
  }

  bool end_message(phase before, std::optional<sansmtp::fault> why, std::string_view flaw) {
    report_.message(line_context(before), taken_, why, flaw);
    client_.follow_message_end();
    if (client_.awaited() == 0) (void)client_.follow(act::message_end);
    return asked(act::message_end, name_of(act::message_end), why.has_value());
  }

  // LMTP answers a message once for each accepted recipient: for none, not at all (RFC 2033 4.3).
  void end_for_nobody(phase before) {
    report_.for_nobody(line_context(before), before == phase::data ? std::string_view{} : first_line(), taken_, now());
    client_ = new_client(now(), client_.tls());
    runs_.push_back(taken_from_ + taken_.size());  // what stands behind it has nothing to wait for
    taken_.clear();
  }

  // The client has said this: the next reply answers it.
  bool asked(act what, std::string_view name, bool refused = false) {
    asked_ = {what, std::string(name), refused};
    previous_ = what;
    taken_.clear();
    return true;
  }

  // Where the line above stands, and whether it should have waited (RFC 2920 3.1).
  replay_context line_context(phase before) const {
    using namespace sansmtp;
    const bool may_follow =
        conversation::followable.has(previous_) && (!offers_known_ || offers_.has(extension::pipelining));
    return {before, pipelined_, pipelined_ && !may_follow, server_.tls()};
  }

  std::string first_line() const { return taken_.substr(0, taken_.find("\r\n")); }

  void answer_by_default() {
    std::array<char, 16384> room{};
    while (server_.owed() != 0) {
      sansmtp::writer out{room};
      const phase before = now();
      if (!server_.answer(out)) return;
      const std::string octets(out.written());
      const auto said = sansmtp::reply::parse(octets, sansmtp::quirks::deployed);
      (void)client_.receive(std::string_view(octets));
      if (said) report_.own_reply(before, now(), *said, asked_);
      if (server_.phase() == phase::tls) shake_hands();
    }
  }

  // ---- the server's octets

  // One reply; false when there is none to be had now.
  bool hear() {
    if (server_unread_.empty()) return false;
    if (!client_.open()) return pass(from::server, "after the end");
    if (client_.phase() == phase::tls) return false;  // settle() judges it
    const auto size = probe_.scan(server_unread_, sansmtp::quirks::deployed);
    if (!size) return hear_malformed(size.error(), false);
    if (*size == 0) return (void)client_.receive(std::string_view(server_unread_)), false;
    const auto said = sansmtp::reply::found(probe_, server_unread_);
    const bool expected = client_.awaited() != 0 || presume(said);
    heard(said, expected, true);
    server_unread_.erase(0, *size);
    probe_.reset();
    return true;
  }

  // `whole`: these are the octets that came, not what stands in for them.
  void heard(const sansmtp::reply& said, bool expected, bool whole) {
    using namespace sansmtp;
    const phase before = now();
    const replay_question to = expected ? asked_ : replay_question{};
    if (client_.awaited() == 0) (void)client_.follow(act::other);
    const client_step step = client_.receive(said.octets());
    if (whole && conversation::hellos.has(to.what) && said.code().positive()) learn(said);
    if (server_.owed() != 0 || said.code().closing()) answer(said.code());
    const bool hangs_up = said.code() == 221 && to.what != act::quit && client_.open();
    if (hangs_up) end_both();
    if (to.what == act::rcpt && said.code().positive()) accepted_.push_back(recipient_);
    const auto* told = std::get_if<sansmtp::answer>(&step.event);
    const bool delivers = exchange_.lmtp && (to.what == act::message_end || to.what == act::lmtp_last_chunk);
    const bool for_one = delivers && told != nullptr && told->index < accepted_.size();
    const std::string_view recipient = for_one ? std::string_view(accepted_[told->index]) : "";
    report_.reply({before, now(), expected, server_alone(), whole, recipient, mechanism_}, said, to);
    if (hangs_up) report_.remark("221, though the client had not said QUIT");
    if (exchange_.two_sided() && server_.open() && server_.phase() != client_.phase())
      report_.remark("the sessions differ: the client stands in " + std::string(name_of(client_.phase())));
    if (!transaction.has(now())) accepted_.clear(), message_.clear();
  }

  // A reply that nothing is known to have asked for: what it may answer all the same.
  bool presume(const sansmtp::reply& said) {
    if (server_alone()) {
      if (!guessing_) report_.remark("the server's side alone: what its replies answer is a guess");
      guessing_ = true;
      const act what = likely_question(said, client_.phase(), exchange_.lmtp);
      if (what == act::message_end) client_.follow_message_end();
      if (client_.awaited() == 0) (void)client_.follow(what);
      asked_ = {what, std::string(name_of(what)), false};
      return true;
    }
    if (server_.phase() != phase::data) return false;
    // The server has seen the end of a message that the session has not: the log lacks it, or the
    // server takes for its end what is none.
    pipelined_ = false;
    const bool none = taken_.empty();
    const auto why = end_data(end_for(taken_));
    return end_message(phase::data, why, none ? "not in the log" : "its end is not CRLF.CRLF, or not in the log");
  }

  // A reply that cannot be read as it stands, up to its end as far as one can tell: its lines, or at
  // the end of what the server said whatever there is. If it has a code, that is believed.
  bool hear_malformed(sansmtp::fault why, bool ended) {
    const auto found = find_malformed(server_unread_, why.at, ended);
    if (!found) return false;
    const bool waiting = client_.awaited() != 0;
    client_ = new_client(client_.phase(), client_.tls());
    if (waiting && client_.awaited() == 0) (void)client_.follow(asked_.what);
    const std::string stand_in = std::to_string(found->code) + " \r\n";
    const auto said = sansmtp::reply::parse(stand_in, sansmtp::quirks::deployed);
    const phase before = now();
    if (said) heard(*said, waiting || presume(*said), false);
    report_.malformed(said ? std::nullopt : std::optional(before),
                      std::string_view(server_unread_).substr(found->begin, found->end - found->begin),
                      {why.code, static_cast<std::uint32_t>(why.at - found->begin)});
    server_unread_.erase(0, found->end);
    probe_.reset();
    return true;
  }

  // ---- what is left

  // A line that neither session looks at.
  bool pass(from who, std::string_view flaw) {
    std::string& unread = unread_of(who);
    const std::size_t end = unread.find('\n');
    if (end == unread.npos) return false;
    report_.passed(who, now(), std::string_view(unread).substr(0, end + 1), flaw);
    unread.erase(0, end + 1);
    return true;
  }

  // Nobody says more: what is not whole, and what was not answered.
  void leave_over() {
    pipelined_ = false;
    if (!taken_.empty() || chunk_)
      report_.unfinished(line_context(now()), chunk_ ? chunk_line_ : std::string(), taken_);
    taken_.clear();
    chunk_.reset();
    if (exchange_.two_sided() && server_.owed() != 0 && !asked_.name.empty())
      report_.remark("no reply to " + asked_.name + " is recorded");
    while (pass(from::client, server_.open() ? "unanswered" : "after the end")) continue;
    for (const from who : {from::client, from::server}) {
      if (!unread_of(who).empty()) report_.passed(who, now(), unread_of(who), "unfinished");
      unread_of(who).clear();
    }
  }

  replay_options options_;
  replay_report report_;

  std::string client_unread_, server_unread_;
  std::size_t handed_ = 0;         // octets of both sides so far
  std::size_t client_handed_ = 0;  // of the client
  std::size_t looked_ = 0;
  std::vector<std::size_t> runs_;  // where the client began to speak, in octets

  std::string taken_;  // the line or message that is being read
  std::size_t taken_from_ = 0;
  bool pipelined_ = false;
  std::optional<sansmtp::bdat> chunk_;
  std::string chunk_line_;
  std::size_t chunk_from_ = 0;
  std::string message_;  // all chunks so far

  replay_question asked_{};
  act previous_ = act::greeting;
  std::string mechanism_, recipient_;
  std::vector<std::string> accepted_;
  bool guessing_ = false;
};

// The whole of a transcript.
inline std::string replay(const transcript& script, const replay_options& options = {}) {
  std::string out;
  for (const auto entries : exchanges(script))
    out.append(out.empty() ? "" : "\n").append(replayer::run(entries, options));
  return out;
}

}  // namespace support

#endif
