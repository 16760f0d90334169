// server: the server's side of a conversation, fed with octets and asked for replies.
//
//   step = receive(unread)   at most one event, and how many octets at the front it used up
//   answer(out)              writes the reply that is owed: what the RFC says
//   answer(response, out)    writes the caller's own
//
// The caller owns all octets, coming and going, and the connection; the session owns 200-odd octets
// of state and no memory. It owes one reply at a time: after an event that wants an answer,
// receive() gives `paused` until answer() was called, so pipelined commands (RFC 2920) are answered
// in order, at the caller's pace. It moves on the replies alone, by the table of conversation.hpp. A
// call that fails changes nothing and writes nothing.

#ifndef SANSMTP_SESSION_SERVER_HPP
#define SANSMTP_SESSION_SERVER_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/session/admission.hpp"
#include "sansmtp/session/conversation.hpp"
#include "sansmtp/session/listing.hpp"
#include "sansmtp/session/owed_reply.hpp"
#include "sansmtp/session/server_event.hpp"
#include "sansmtp/session/server_options.hpp"
#include "sansmtp/wire/input_buffer.hpp"
#include "sansmtp/wire/line_reader.hpp"
#include "sansmtp/wire/message_reader.hpp"
#include "sansmtp/wire/parse_command.hpp"
#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

class server {
 public:
  constexpr explicit server(const server_options& options) noexcept
      : options_(spoken_of(options)),
        phase_(options.start),
        lines_(options_),
        lines_then_(lines_),
        message_(options.newlines, options.size_limit) {
    if (phase_ == phase::connect) owed_.owe(act::greeting);
    now_.tls = options.tls;
    now_.listed = to_list_ = listing::listed(options_, now_.tls);
    now_.mechanisms = options_.mechanisms;
    now_.extended = phase_ != phase::connect && phase_ != phase::greeted;
    if (phase_ == phase::rcpt || phase_ == phase::data || phase_ == phase::chunk) envelope_.accepted = 1;
  }

  // Looks at what the client sent and was not yet used up: the same octets again, from the first,
  // with more behind them. At most one event; the caller drops `used` octets when done with it.
  constexpr server_step receive(std::string_view unread) noexcept { return receive(unread, {}); }

  server_step receive(std::span<const std::byte> unread) noexcept {
    return receive(std::string_view(reinterpret_cast<const char*>(unread.data()), unread.size()));
  }

  // The same from a buffer: drops what the last event used, and makes events of a line that does
  // not fit the buffer and of the end of the client's octets. What is used of a message may be written
  // over: lines with stuffed dots are moved together, so that they come many at a time.
  constexpr server_event receive(input& in) noexcept {
    in.settle();
    const server_step step = receive(in.unread(), in.in_place());
    in.use(step.used);
    if (!std::holds_alternative<need_more>(step.event)) return step.event;
    in.settle();
    if (in.ended()) return end_of_input(in.unread());
    if (in.full()) {
      if (!reader_.skipping()) long_line_ = act_at(in.unread());
      in.use(reader_.skip(in.unread()).used);
      in.settle();
    }
    return need_more{};
  }

  // The client's octets have ended behind `unread`: nothing will follow. A message or line that is
  // not whole is not accepted (RFC 5321 4.1.1.10).
  constexpr closed end_of_input(std::string_view unread = {}) noexcept {
    if (phase_ != phase::closed) {
      const bool amid = !unread.empty() || reader_.skipping() || message_.in_chunk() || transaction.has(phase_) || phase_ == phase::auth;
      close(amid ? std::optional(fault{errc::connection_lost, 0}) : std::nullopt);
    }
    return {why_closed_};
  }

  // Writes what the RFC says for what is owed: 220, the EHLO list from the options, 250, 354, an
  // empty 334, 221, or the refusal that a fault's row suggests. Credentials that nobody verified are
  // refused. Faults: nothing_owed; output_full; those of the name or the list where the options hold one
  // that a reply cannot.
  constexpr result<void> answer(writer& out) noexcept {
    if (owed_.count() == 0) return errc::nothing_owed;
    response reply = owed_.by_default(options_.kind == service::lmtp);
    if (owed_.refusing()) {
      if (unwilling_) reply = {521, {5, 3, 2}, reply.text};
      return answer(reply, out);
    }
    switch (owed_.to()) {
      case act::greeting: return greet(out);
      case act::ehlo:
      case act::lhlo: return answer_extensions(out);
      case act::helo: return answer({250, {}, options_.host.text()}, out);
      case act::quit: return answer_named(221, {2, 0, 0}, " closing", out);
      default: return answer(reply, out);
    }
  }

  // Writes the caller's own reply. Enhanced status codes are left out where they are not offered and
  // where RFC 2034 has none. 421 may be given at any time and closes. Faults: session_closed;
  // nothing_owed; out_of_sequence while TLS is due (RFC 3207 4) and behind a reversal;
  // answer_must_refuse (what was refused cannot succeed); answer_out_of_place (a code that cannot
  // answer this command here); what response's own encoding gives, among it non_ascii_octet where the
  // client has not said that it takes UTF-8 (RFC 6531 3.7.4).
  constexpr result<void> answer(const response& reply, writer& out) noexcept {
    const bool closing = reply.code.closing();
    if (phase_ == phase::closed) return errc::session_closed;
    if (phase_ == phase::tls || phase_ == phase::reversed) return errc::out_of_sequence;
    if (owed_.count() == 0 && !closing) return errc::nothing_owed;
    const outcome on = outcome_of(reply.code);
    if (!closing && !options_.observe) {
      if (owed_.refusing() && on != outcome::negative) return errc::answer_must_refuse;
      if (!conversation::plays(phase_, owed_.to(), on) || (on == outcome::intermediate && !may_continue(reply.code)))
        return errc::answer_out_of_place;
    }
    response said = reply;
    const bool without = owed_.to() == act::greeting || conversation::hellos.has(owed_.asked());
    if (!now_.listed.has(extension::enhanced_status_codes) || (owed_.count() != 0 && without)) said.status = {};
    if (const auto written = encode(said, out, takes_utf8() || options_.observe); !written) return written;
    settle(reply.code, on);
    return {};
  }

  // The greeting: 220 with the host's name. A caller who will not serve answers 554 or 521 instead.
  constexpr result<void> greet(writer& out) noexcept {
    return answer_named(220, {}, options_.kind == service::lmtp ? " LMTP" : " ESMTP", out);
  }
  constexpr result<void> greet(const response& reply, writer& out) noexcept { return answer(reply, out); }

  // Answers AUTH, or a line of its exchange, with a further challenge: 334 and `octets` in base64
  // (RFC 4954 4). Faults: answer_out_of_place; authentication_line_too_long above limits::sasl_challenge
  // octets; output_full.
  constexpr result<void> challenge(std::string_view octets, writer& out) noexcept {
    if (owed_.count() == 0) return errc::nothing_owed;
    if (owed_.refusing()) return errc::answer_must_refuse;
    if (!speaks(extension::auth) || !conversation::next(phase_, owed_.to(), outcome::intermediate) ||
        (owed_.to() != act::auth && owed_.to() != act::auth_response))
      return errc::answer_out_of_place;
    if (octets.size() > limits::sasl_challenge) return fault{errc::authentication_line_too_long, limits::sasl_challenge};
    writer::draft line(out);
    line.put("334 ");
    encode_base64(octets, line);
    line.put("\r\n");
    if (const auto written = line.commit(); !written) return written;
    settle(334, outcome::intermediate);
    return {};
  }

  // The TLS handshake that start_tls asked for has succeeded: everything learned in the clear is
  // forgotten and the client introduces itself anew (RFC 3207 4.2). Fault: out_of_sequence.
  constexpr result<void> tls_started() noexcept {
    if (phase_ != phase::tls) return errc::out_of_sequence;
    move(phase::greeted);
    now_ = {.tls = true};
    plan_list();
    put_in_force();
    return {};
  }

  // Another list of extensions and mechanisms, from the next EHLO on; as after AUTH, say. Until then what
  // the client was told remains in force: the octets of a chunk, say, are still no commands.
  constexpr void offer(extension_set extensions, std::string_view mechanisms) noexcept {
    options_.extensions = extensions.among(spoken_extensions);
    options_.mechanisms = mechanisms;
    plan_list();
  }

  // Whether this session goes on. After ATRN or TURN (phase reversed) it does not: on the same
  // connection a client session begins, from its greeting (RFC 2645 5.2.1).
  constexpr bool open() const noexcept { return phase_ != phase::closed && phase_ != phase::reversed; }
  constexpr sansmtp::phase phase() const noexcept { return phase_; }
  constexpr const server_options& options() const noexcept { return options_; }

  // Replies owed now: 1, or in LMTP at the end of a message those of its recipients (RFC 2033 4.2).
  constexpr std::uint32_t owed() const noexcept { return owed_.count(); }
  constexpr bool tls() const noexcept { return now_.tls; }
  constexpr bool authenticated() const noexcept { return now_.authenticated; }

  // AUTH commands and exchanges that were answered with a refusal. A server may end the connection
  // over too many, not before the third (RFC 4954 12).
  constexpr std::uint32_t failed_authentications() const noexcept { return failed_authentications_; }
  constexpr bool smtputf8() const noexcept { return envelope_.smtputf8; }

  // Recipients that this transaction has accepted.
  constexpr std::uint32_t recipients() const noexcept { return envelope_.accepted; }

  // Whether the client sent octets before it was greeted (RFC 5321 4.3.1), as only a careless one does.
  constexpr bool early_talk() const noexcept { return early_; }

  // How long to wait for the client's next octets before 421 (RFC 5321 4.5.3.2.7).
  constexpr std::chrono::seconds patience() const noexcept { return std::chrono::minutes(5); }

 private:
  constexpr void begin_transaction(admission::envelope as) noexcept {
    envelope_ = as;
    std::construct_at(&message_, options_.newlines, options_.size_limit, as.binary);
  }

  static constexpr server_options spoken_of(server_options options) noexcept {
    options.extensions = options.extensions.among(spoken_extensions);
    return options;
  }

  // What the next reply to EHLO lists, and what comes into force with it.
  constexpr void plan_list() noexcept {
    to_list_ = listing::listed(options_, now_.tls);
    lines_then_ = line_limits(options_);
  }
  constexpr void put_in_force() noexcept {
    now_.listed = to_list_;
    now_.mechanisms = options_.mechanisms;
    lines_ = lines_then_;
  }

  constexpr void close(std::optional<fault> why) noexcept {
    why_closed_ = why;
    owed_.owe_nothing();
    move(phase::closed);
  }

  // The one way from phase to phase, and the one place where a transaction is forgotten.
  constexpr void move(sansmtp::phase to) noexcept {
    if (!transaction.has(to)) begin_transaction({});
    phase_ = to;
  }

  // The client has said that replies may hold UTF-8: with MAIL for its transaction, with VRFY and EXPN for one reply.
  constexpr bool takes_utf8() const noexcept {
    return speaks(extension::smtputf8) && (envelope_.smtputf8 || asked_.smtputf8 || owed_.utf8());
  }

  // Of the replies with 3yz, two need that the client asked for them, and AUTH knows one alone (RFC 4954 4).
  constexpr bool may_continue(reply_code code) const noexcept {
    if (speaks(extension::auth) && (owed_.to() == act::auth || owed_.to() == act::auth_response)) return code == 334;
    if (owed_.to() == act::mail) return speaks(extension::checkpoint) && code == 355 && asked_.transid;
    if (owed_.to() == act::message_end)
      return speaks(extension::prdr) && code == 353 && envelope_.prdr && envelope_.accepted > 1 && !owed_.each_recipient();
    return true;
  }

  // A reply was written: the conversation moves.
  constexpr void settle(reply_code code, outcome on) noexcept {
    if (code.closing()) return close(std::nullopt);
    const act asked = owed_.asked();
    const act what = options_.observe ? asked : owed_.to();
    if (speaks(extension::prdr) && what == act::message_end && on == outcome::intermediate) return owed_.owe_each(envelope_.accepted);
    if (!owed_.give()) return;
    if (speaks(extension::auth) && on == outcome::negative && (asked == act::auth || asked == act::auth_response))
      ++failed_authentications_;
    if (owed_.closes()) return close(owed_.why());
    if (what == act::greeting) unwilling_ = code.value == 521;
    if (on == outcome::positive) succeed(what);
    const sansmtp::phase to = options_.observe ? conversation::believed(phase_, what, on)
                                               : conversation::next(phase_, what, on).value_or(phase_);
    if (to == phase::closed) return close(std::nullopt);
    move(to);
    if (what == act::mail && on != outcome::negative) begin_transaction(asked_);
    if (to == phase::rcpt && envelope_.accepted == 0) envelope_.accepted = 1;  // 355: they are remembered from before
    asked_ = {};
  }

  constexpr void succeed(act what) noexcept {
    if (conversation::hellos.has(what)) {
      now_.extended = what != act::helo;
      put_in_force();
    }
    if (what == act::rcpt) ++envelope_.accepted;
    if (what == act::auth || what == act::auth_response) now_.authenticated = true;
    if (what == act::xclient) now_.extended = now_.authenticated = false;
  }

  constexpr result<void> answer_named(reply_code code, enhanced_status status, std::string_view text, writer& out) noexcept {
    char room[limits::domain + 16];
    writer named{room};
    writer::draft words(named);
    words.put(options_.host.text()).put(text);
    (void)words.commit();  // it fits
    return answer({code, status, named.written()}, out);
  }

  constexpr result<void> answer_extensions(writer& out) noexcept {
    reached then = now_;
    then.listed = to_list_;
    then.mechanisms = options_.mechanisms;
    const auto written = listing::encode(options_, then, out);
    if (written) settle(250, outcome::positive);
    return written;
  }

  static constexpr fault too_long(act what, std::uint32_t limit) noexcept {
    return {what == act::auth ? errc::authentication_line_too_long : errc::line_too_long, limit};
  }

  constexpr server_step refuse(std::size_t used, fault why, act what, std::string_view line, std::uint32_t replies = 1) noexcept {
    if (phase_ == phase::refused) why = {errc::no_service, 0};  // whatever else is wrong with it (RFC 5321 3.1)
    owed_.owe_refusal(why, what, replies);
    return {used, refused{why, what, line}};
  }

  // `own` is what is unread once more, where it may be written over; or nothing.
  constexpr server_step receive(std::string_view unread, std::span<char> own) noexcept {
    server_step step = look(unread, own);
    // Something was taken that there is nothing to say about, and more stands behind it.
    for (std::size_t taken = step.used;
         taken != 0 && step.used != unread.size() && std::holds_alternative<need_more>(step.event);) {
      const std::size_t used = step.used;
      step = look(unread.substr(used), own.empty() ? own : own.subspan(used));
      taken = step.used;
      step.used += used;
    }
    return step;
  }

  constexpr server_step look(std::string_view unread, std::span<char> own) noexcept {
    if (phase_ == phase::closed) return {unread.size(), closed{why_closed_}};
    if (phase_ == phase::reversed) return {0, closed{}};
    if (owed_.count() != 0) {
      early_ = early_ || (phase_ == phase::connect && !unread.empty());
      return {0, paused{}};
    }
    if (phase_ == phase::tls) return before_handshake(unread);
    if (phase_ == phase::data) return content(own.empty() ? message_.data(unread) : message_.data_in_place(own));
    if (speaks(extension::chunking) && message_.in_chunk()) return chunk(unread, 0);
    return line(unread);
  }

  constexpr server_step before_handshake(std::string_view unread) noexcept {
    if (unread.empty()) return {0, start_tls{}};
    // Octets in the clear behind STARTTLS would be read as if TLS had carried them (RFC 3207 6).
    close(fault{errc::tls_residue, 0});
    return {unread.size(), closed{why_closed_}};
  }

  // ---- lines

  constexpr server_step line(std::string_view unread) noexcept {
    const bool fresh = !reader_.skipping();
    const line_reader::found found = reader_.scan(unread, phase_ == phase::auth ? lines_.auth : lines_.longest());
    if (found.too_long && fresh) long_line_ = act_at(unread);
    if (!found.whole) return {found.used, need_more{}};
    if (speaks(extension::auth) && phase_ == phase::auth) return exchange_line(found);
    if (found.too_long) return refuse_line(found, too_long(long_line_, lines_.longest()), long_line_, unread);
    const auto parsed = parse_command(found.line, options_.leniency);
    if (!parsed) return refuse_line(found, parsed.error(), act_at(found.line), unread);
    return take(found, *parsed, unread);
  }

  // A line that no command could be read from. A chunk whose size can be read all the same is drained; else
  // its octets cannot be told from commands, and the connection ends with the answer (RFC 3030 2).
  constexpr server_step refuse_line(line_reader::found found, fault why, act what, std::string_view unread) noexcept {
    count(what);
    if (what != act::other)
      if (const auto barred = admission::command(what, options_, now_)) why = {*barred, 0};
    if (speaks(extension::chunking) && what == act::chunk && !admission::verb_in_force(what, options_, now_)) {
      const auto size = found.too_long ? std::nullopt : announced_chunk(found.line);
      if (size) return begin_chunk(found.used, {*size, false}, what, why, unread);
      if (phase_ != phase::refused) owed_.close_then();  // there all is refused, whatever it is
    }
    const server_step step = refuse(found.used, why, what, found.line);
    owed_.owe(act::other);  // what is no command has no effect, whatever it began like (RFC 5321 4.1.1)
    return step;
  }

  constexpr server_step exchange_line(line_reader::found found) noexcept {
    if (found.too_long) {
      return refuse(found.used, {errc::authentication_line_too_long, lines_.auth}, act::auth_response, {});
    }
    if (found.line == "*") return refuse(found.used, {errc::authentication_cancelled, 0}, act::auth_response, found.line);
    const auto response = base64_text::parse(found.line);
    if (!response) return refuse(found.used, response.error(), act::auth_response, found.line);
    owed_.owe(act::auth_response);
    return {found.used, auth_response{*response}};
  }

  constexpr server_step take(line_reader::found found, const command& given, std::string_view unread) noexcept {
    const act what = act_within(act_of(given), options_.kind == service::lmtp, envelope_.binary);
    const std::optional<fault> why = fault_in(given, what, found);
    count(what);
    const auto* chunk = speaks(extension::chunking) ? std::get_if<bdat>(&given) : nullptr;
    if (chunk != nullptr && !admission::verb_in_force(what, options_, now_))
      return begin_chunk(found.used, *chunk, what, why, unread);
    if (why) {
      const server_step step = refuse(found.used, *why, what, found.line);
      // Only what stands in the wrong place spoils more than itself (RFC 3030 2).
      if (chunk != nullptr || std::holds_alternative<other>(given) || conversation::permits(phase_, what))
        owed_.owe(act::other);
      return step;
    }
    if (speaks(extension::burl) && std::holds_alternative<burl>(given)) {
      message_.end_text();
      if (message_.why()) return refuse(found.used, *message_.why(), what, found.line);
    }
    if (const auto* m = std::get_if<mail>(&given)) asked_ = admission::asked_by(*m);
    owed_.owe(given, what);
    return {found.used, std::visit([](const auto& c) -> server_event { return c; }, given)};
  }

  // The order of the questions: does the protocol have it, may it stand here, are its arguments in force.
  constexpr std::optional<fault> fault_in(const command& given, act what, line_reader::found found) const noexcept {
    if (found.used > lines_.of(what)) return too_long(what, lines_.of(what));
    if (const auto why = admission::command(what, options_, now_)) return fault{*why, 0};
    if (!conversation::permits(phase_, what)) return fault{conversation::refusal(phase_, what), 0};
    if (what == act::mail && options_.mail_limit != 0 && mails_ == options_.mail_limit) return fault{errc::too_many_transactions, 0};
    return admission::arguments(given, found.line, options_, now_, envelope_);
  }

  // MAIL counts whether it succeeds or not (RFC 9422 4.1).
  constexpr void count(act what) noexcept {
    if (what == act::mail && mails_ < options_.mail_limit) ++mails_;
  }

  // ---- messages

  constexpr server_step content(const message_reader::piece& piece) noexcept {
    if (!piece.bytes.empty()) return {piece.used, message_bytes{piece.bytes}};
    if (!piece.whole) return {piece.used, need_more{}};
    return end_message(piece.used, act::message_end, options_.kind == service::lmtp ? envelope_.accepted : 1);
  }

  constexpr server_step end_message(std::size_t used, act what, std::uint32_t replies) noexcept {
    if (replies == 0) {
      // LMTP, and nobody to answer for (RFC 2033 4.3): the transaction is over without a word.
      move(conversation::next(phase_, what, outcome::negative).value_or(phase_));
      return {used, need_more{}};
    }
    if (const auto why = message_.why()) return refuse(used, *why, what, {}, replies);
    owed_.owe(what, replies);
    return {used, message_end{message_.size()}};
  }

  constexpr server_step begin_chunk(std::size_t used, const bdat& given, act what, std::optional<fault> why,
                                    std::string_view unread) noexcept {
    message_.begin_chunk(given.size, given.last, !why);
    chunk_act_ = what;
    chunk_why_ = why;
    if (!why) return {used, given};
    return chunk(unread, used);
  }

  // The octets of a chunk: delivered, or, when it was refused, drained all the same (RFC 3030 2).
  constexpr server_step chunk(std::string_view unread, std::size_t used) noexcept {
    const message_reader::piece piece = message_.chunk(unread.substr(used));
    used += piece.used;
    if (!piece.bytes.empty()) return {used, message_bytes{piece.bytes}};
    if (!piece.whole) return {used, need_more{}};
    const bool lmtp_last = chunk_act_ == act::lmtp_last_chunk && transaction.has(phase_);
    const std::uint32_t replies = lmtp_last ? envelope_.accepted : 1;
    if (chunk_why_ && replies != 0) return refuse(used, *chunk_why_, chunk_act_, {}, replies);
    if (message_.last_chunk()) return end_message(used, chunk_act_, replies);
    if (const auto why = message_.why()) return refuse(used, *why, chunk_act_, {});
    owed_.owe(chunk_act_);
    return {used, chunk_end{}};
  }

  server_options options_;
  sansmtp::phase phase_;
  reached now_{};
  extension_set to_list_{};
  line_limits lines_, lines_then_;
  line_reader reader_{};
  act long_line_ = act::other;  // what a line too long to keep began with

  owed_reply owed_{};
  std::uint32_t failed_authentications_ = 0;
  std::uint32_t mails_ = 0;  // MAIL commands of the session, up to options_.mail_limit
  bool unwilling_ = false;   // greeted with 521
  bool early_ = false;
  std::optional<fault> why_closed_{};

  admission::envelope envelope_{};
  admission::envelope asked_{};  // what MAIL asked for, until it is answered
  message_reader message_;
  act chunk_act_ = act::chunk;
  std::optional<fault> chunk_why_{};
};

static_assert(sizeof(server) <= 512);

}  // namespace sansmtp

#endif
