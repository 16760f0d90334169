// client: the client's side of a conversation: writes commands, and tells what each reply answers.
//
//   send(command, out)        writes one line; refused where the phase, the server's extensions or
//                             the rules of pipelining forbid it, with nothing written
//   step = receive(unread)    at most one event: a whole reply with what it answers, or what is next
//   write(content, out), finish(out)   the message itself, dots stuffed, or the octets of a chunk
//
// It holds no octets and no list: replies are matched by order, and runs of like commands are
// counted (pipeline.hpp). What the server offers is learned from each EHLO reply, and forgotten with
// the next, with HELO and with STARTTLS. The phase moves on replies alone, by the table of
// conversation.hpp.

#ifndef SANSMTP_SESSION_CLIENT_HPP
#define SANSMTP_SESSION_CLIENT_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/session/client_event.hpp"
#include "sansmtp/session/client_options.hpp"
#include "sansmtp/session/conversation.hpp"
#include "sansmtp/session/exchange.hpp"
#include "sansmtp/session/permission.hpp"
#include "sansmtp/session/pipeline.hpp"
#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/encode_command.hpp"
#include "sansmtp/wire/input_buffer.hpp"
#include "sansmtp/wire/message_writer.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/reply_reader.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

class client {
 public:
  constexpr explicit client(const client_options& options = {}) noexcept
      : options_(options), phase_(options.start), tls_(options.tls), message_(options.newlines) {
    if (phase_ == phase::connect) sent_.push(act::greeting);
    extended_ = phase_ != phase::connect && phase_ != phase::greeted;
    if (phase_ == phase::rcpt || phase_ == phase::data || phase_ == phase::chunk) accepted_ = 1;
    if (phase_ == phase::data) message_.begin_data();
  }

  // Writes a command. Faults: output_full, session_closed; awaiting_reply (it may not stand behind
  // what is outstanding, RFC 2920 3.1); out_of_sequence and its like; extension_not_offered, with
  // missing() telling which; tls_required; too_many_transactions, too_many_recipients and
  // message_too_large by what the server said; non_ascii_sender and non_ascii_recipient without
  // SMTPUTF8 on that MAIL; authentication_line_too_long for an initial response that belongs behind the
  // empty challenge; chunk_open; pipeline_full; and what encode() gives.
  constexpr result<void> send(const command& given, writer& out) noexcept {
    const act what = in_context(given);
    if (const auto fits = may_send(given, what); !fits) return fits;
    pipeline ahead = sent_;
    if (!ahead.push(what)) return errc::pipeline_full;
    if (const auto written = encode(given, out); !written) return written;
    note(given, what);
    return {};
  }

  // A command that the caller has written itself, or seen another write: nothing is checked, the
  // reply to it is awaited. For one who observes; what is no command at all is act::other.
  constexpr result<void> follow(const command& given) noexcept {
    const act what = in_context(given);
    pipeline ahead = sent_;
    if (!ahead.push(what)) return errc::pipeline_full;
    note(given, what);
    return {};
  }
  constexpr result<void> follow(act what) noexcept {
    if (!sent_.push(what)) return errc::pipeline_full;
    return {};
  }

  // Writes content: in phase data with dots stuffed (RFC 5321 4.5.2), within a chunk as it is. Gives
  // the octets of content that were taken: fewer than given when `out` is full. Faults:
  // out_of_sequence, chunk_overrun, no_valid_recipients, message_bare_cr and message_bare_lf.
  constexpr result<std::size_t> write(std::string_view content, writer& out) noexcept {
    if (phase_ == phase::closed) return errc::session_closed;
    if (speaks(extension::chunking) && message_.in_chunk()) return message_.chunk(content, out);
    if (!message_.in_data()) return content.empty() ? result<std::size_t>(std::size_t{0}) : errc::out_of_sequence;
    if (accepted_ == 0 && !content.empty() && !options_.observe) return errc::no_valid_recipients;
    return message_.data(content, out);
  }

  // Ends the message: the final dot, behind the CRLF that its last line must have (RFC 5321
  // 4.1.1.4). Faults: out_of_sequence, message_unterminated, output_full.
  constexpr result<void> finish(writer& out) noexcept {
    if (!message_.in_data()) return errc::out_of_sequence;
    if (const auto written = message_.finish(out); !written) return written;
    message_sent();
    return {};
  }

  // The final dot as seen by one who observes.
  constexpr void follow_message_end() noexcept {
    if (message_.in_data()) message_sent();
  }

  // Begins an exchange with a mechanism (sasl/mechanism.hpp): AUTH with its name, and with its first
  // message where it speaks first and the line keeps within 512 octets (RFC 4954 4). Faults: those of
  // send(), those of the mechanism. Success is done() of the mechanism together with 235: a server that
  // says 235 before it has proved what the mechanism demands has not authenticated itself.
  template <class Mechanism>
  constexpr result<void> authenticate(Mechanism& mechanism, writer& out) noexcept {
    if (const auto fits = may_send(auth{mechanism.name, {}}, act::auth); !fits) return fits;
    if (pipeline ahead = sent_; !ahead.push(act::auth)) return errc::pipeline_full;  // before the mechanism is asked
    if (out.room() < limits::command_line) return errc::output_full;
    sasl::initial_response first;
    const auto begin = first.of(mechanism);
    return begin ? send(*begin, out) : begin.error();
  }

  // Answers a challenge with what the mechanism says to it. A fault of the mechanism writes nothing:
  // cancel() then ends the exchange (RFC 4954 4).
  template <class Mechanism>
  constexpr result<void> respond(Mechanism& mechanism, const challenge& heard, writer& out) noexcept {
    if (const auto fits = may_respond(); !fits) return fits;
    sasl::response said;
    const auto octets = said.of(mechanism, heard.octets, out.room());
    return octets ? respond(*octets, out) : octets.error();
  }

  // Answers a challenge with `octets`, in base64; an empty response is an empty line (RFC 4954 4). Faults:
  // out_of_sequence, awaiting_reply, authentication_line_too_long above limits::sasl_message octets, output_full.
  constexpr result<void> respond(std::string_view octets, writer& out) noexcept {
    if (const auto fits = may_respond(); !fits) return fits;
    if (octets.size() > limits::sasl_message) return fault{errc::authentication_line_too_long, limits::sasl_message};
    writer::draft line(out);
    encode_base64(octets, line);
    line.put("\r\n");
    if (const auto written = line.commit(); !written) return written;
    sent_.push(act::auth_response);
    return {};
  }

  // Ends an exchange that cannot go on; the server answers 501 (RFC 4954 4).
  constexpr result<void> cancel(writer& out) noexcept {
    if (const auto fits = may_respond(); !fits) return fits;
    writer::draft line(out);
    if (const auto written = line.put("*\r\n").commit(); !written) return written;
    sent_.push(act::auth_response);
    cancelled_ = true;
    return {};
  }

  // Looks at what the server sent and was not yet used up: the same octets again, from the first,
  // with more behind them. At most one event; the caller drops `used` octets when done with it.
  constexpr client_step receive(std::string_view unread) noexcept {
    if (phase_ == phase::closed) return {unread.size(), closed{why_closed_}};
    if (phase_ == phase::reversed) return {0, closed{}};
    if (phase_ == phase::tls) return before_handshake(unread);
    const auto found = reader_.scan(unread, options_.leniency);
    if (!found) return {unread.size(), close(found.error())};
    if (*found == 0) return {0, need_more{}};
    const reply whole = reply::found(reader_, unread);
    reader_.reset();
    return {*found, hear(whole)};
  }

  client_step receive(std::span<const std::byte> unread) noexcept {
    return receive(std::string_view(reinterpret_cast<const char*>(unread.data()), unread.size()));
  }

  // The same from a buffer: drops what the last event used, and makes events of a reply that does
  // not fit the buffer and of the end of the server's octets.
  constexpr client_event receive(input& in) noexcept {
    in.settle();
    const client_step step = receive(in.unread());
    in.use(step.used);
    if (!std::holds_alternative<need_more>(step.event)) return step.event;
    in.settle();
    if (in.ended()) return end_of_input(in.unread());
    if (in.full()) return close(fault{errc::reply_too_long, static_cast<std::uint32_t>(in.unread().size())});
    return need_more{};
  }

  // The server's octets have ended behind `unread`. In good order only between transactions with nothing
  // outstanding: what is unanswered has failed, temporarily (RFC 5321 4.2.4.2).
  constexpr closed end_of_input(std::string_view unread = {}) noexcept {
    if (phase_ != phase::closed) {
      const bool amid = !unread.empty() || !sent_.empty() || transaction.has(phase_) || phase_ == phase::auth;
      close(amid ? std::optional(fault{errc::connection_lost, 0}) : std::nullopt);
    }
    return {why_closed_};
  }

  // The handshake that start_tls asked for has succeeded: what was learned in the clear is forgotten;
  // EHLO comes next (RFC 3207 4.2). Fault: out_of_sequence.
  constexpr result<void> tls_started() noexcept {
    if (phase_ != phase::tls) return errc::out_of_sequence;
    tls_ = true;
    authenticated_ = false;
    forget_introduction();
    move(phase::greeted);
    return {};
  }

  // Whether this session goes on. After ATRN or TURN (phase reversed) it does not: on the same
  // connection a server session begins, with its greeting (RFC 2645 5.2.1).
  constexpr bool open() const noexcept { return phase_ != phase::closed && phase_ != phase::reversed; }
  constexpr sansmtp::phase phase() const noexcept { return phase_; }

  // What the last EHLO or LHLO reply offered; nothing after HELO.
  constexpr const capabilities& offered() const noexcept { return offered_; }

  // After extension_not_offered: the extension that was missing.
  constexpr extension missing() const noexcept { return missing_; }

  constexpr bool tls() const noexcept { return tls_; }
  constexpr bool authenticated() const noexcept { return authenticated_; }

  // Recipients that the server has accepted in this transaction.
  constexpr std::uint32_t recipients() const noexcept { return accepted_; }

  // Replies outstanding; those of one LMTP message count as one.
  constexpr std::size_t awaited() const noexcept { return sent_.size(); }

  // How long to wait for the next reply (RFC 5321 4.5.3.2): ten minutes for the end of a message and for
  // ATRN (RFC 2645 5.2.1), two for DATA, three for a block of a message to leave, five for all else.
  constexpr std::chrono::seconds patience() const noexcept {
    using std::chrono::minutes;
    if (message_.in_data() || message_.in_chunk()) return minutes(3);
    if (sent_.empty()) return minutes(5);
    if (conversation::message_ends.has(sent_.front()) || sent_.front() == act::atrn) return minutes(10);
    const bool data = sent_.front() == act::data || sent_.front() == act::binary_data;
    return minutes(data ? 2 : 5);
  }

 private:
  constexpr bool lmtp() const noexcept { return options_.kind == service::lmtp; }

  constexpr act in_context(const command& given) const noexcept { return act_within(act_of(given), lmtp(), binary_); }

  // ---- what may be written

  constexpr result<void> may_send(const command& given, act what) noexcept {
    if (phase_ == phase::closed) return errc::session_closed;
    if (message_.in_chunk()) return errc::chunk_open;
    if (message_.in_data() || phase_ == phase::tls || phase_ == phase::auth) return errc::out_of_sequence;
    if (!sent_.empty() && !(offered_.has(extension::pipelining) && conversation::followable.has(sent_.back())))
      return errc::awaiting_reply;
    if (lmtp() ? what == act::ehlo || what == act::helo : what == act::lhlo) return errc::verb_of_other_protocol;
    const sansmtp::phase then = sent_.phase_after(phase_);
    if (!conversation::permits(then, what)) return conversation::refusal(then, what);
    if (!tls_ && permission::needs_tls(given, what, options_.require_tls)) return errc::tls_required;
    if (what == act::starttls && tls_) return errc::tls_active;
    if (what == act::auth && authenticated_) return errc::already_authenticated;
    if (const auto lacks = permission::missing(given, what, offered_.extensions())) {
      missing_ = lacks->which;
      return fault{errc::extension_not_offered, lacks->at};
    }
    if (!permission::sender_is_plain(given)) return errc::non_ascii_sender;
    if (const auto* r = std::get_if<rcpt>(&given); r != nullptr && !r->to.is_ascii() && !smtputf8_) return errc::non_ascii_recipient;
    if (permission::too_long(given)) return fault{errc::authentication_line_too_long, limits::command_line};
    return permission::within_limits(given, offered_, mails_, rcpts_);
  }

  constexpr result<void> may_respond() const noexcept {
    if (phase_ == phase::closed) return errc::session_closed;
    if (phase_ != phase::auth) return errc::out_of_sequence;
    if (!sent_.empty()) return errc::awaiting_reply;
    return {};
  }

  constexpr void note(const command& given, act what) noexcept {
    sent_.push(what);
    if (what == act::auth) cancelled_ = false;
    if (what == act::rcpt) ++rcpts_;
    if (const auto* m = std::get_if<mail>(&given)) {
      ++mails_;
      begin_transaction(m->parameters);
    } else if (what == act::send) {
      begin_transaction({});
    }
    if (const auto* chunk = std::get_if<bdat>(&given)) message_.begin_chunk(chunk->size, chunk->last);
    drop_unanswered();
  }

  // What the newest MAIL, or SEND and its kin, asked for.
  constexpr void begin_transaction(const mail_parameters& asked) noexcept {
    rcpts_ = 0;
    binary_ = asked.body() == body_type::binary_mime;
    smtputf8_ = asked.smtputf8();
    // In a group the reply to an earlier one may still come.
    transid_ = asked.has(parameter_name::transid) || (transid_ && sent_.size() > 1);
    prdr_ = asked.has(parameter_name::prdr) || (prdr_ && sent_.size() > 1);
  }

  constexpr void message_sent() noexcept {
    message_.end_data();
    sent_.push(act::message_end);
    drop_unanswered();
  }

  // In LMTP a message that no recipient was accepted for is answered by no reply at all (RFC 2033 4.3).
  constexpr void drop_unanswered() noexcept {
    while (!sent_.empty() && answered_per_recipient(sent_.front()) && accepted_ == 0) {
      move(conversation::next(phase_, sent_.front(), outcome::negative).value_or(phase_));
      sent_.pop();
    }
  }

  // ---- what is heard

  constexpr bool answered_per_recipient(act what) const noexcept {
    return lmtp() && transaction.has(phase_) && (what == act::message_end || what == act::lmtp_last_chunk);
  }

  constexpr client_event hear(const reply& said) noexcept {
    const outcome on = outcome_of(said.code());
    if (said.code().closing()) return hear_closing(said);
    if (sent_.empty()) return close(fault{errc::reply_unexpected, 0});
    const act what = sent_.front();
    const auto to = options_.observe ? std::optional(conversation::believed(phase_, what, on))
                                     : conversation::next(phase_, what, on);
    if (!to || (!options_.observe && !was_asked_for(what, said.code(), on)))
      return close(fault{errc::reply_out_of_place, 0});

    answer heard{what, said, 0};
    if (what == act::mail || what == act::send) asked_ = 0;
    if (what == act::rcpt) heard.index = asked_++;
    if (speaks(extension::prdr) && what == act::message_end && on == outcome::intermediate) {
      each_recipient_ = accepted_ + 1;  // 353: each recipient's reply follows, then the message's
      return heard;
    }
    if (speaks(extension::prdr) && each_recipient_ != 0) {
      heard.index = accepted_ + 1 - each_recipient_;
      if (--each_recipient_ != 0) return heard;
    } else if (answered_per_recipient(what)) {
      heard.index = delivered_++;
      if (delivered_ < accepted_) return heard;
    }
    sent_.pop();
    if (what == act::quit && !options_.observe) return close(std::nullopt), heard;  // it has nothing more to say
    if (on == outcome::positive) succeed(what, said);
    move(*to);
    if (phase_ == phase::rcpt && accepted_ == 0) accepted_ = 1;  // 355: they are remembered from before
    drop_unanswered();
    return what_next(heard, on);
  }

  // Of the replies with 3yz, two need that they were asked for, and AUTH knows one alone (RFC 4954 4); what was
  // cancelled has no success.
  constexpr bool was_asked_for(act what, reply_code code, outcome on) const noexcept {
    if (speaks(extension::auth) && what == act::auth_response && cancelled_) return on == outcome::negative;
    if (on != outcome::intermediate) return true;
    if (speaks(extension::auth) && (what == act::auth || what == act::auth_response)) return code == 334;
    if (what == act::mail) return speaks(extension::checkpoint) && code == 355 && transid_;
    if (what == act::message_end) return speaks(extension::prdr) && code == 353 && prdr_ && !lmtp() && each_recipient_ == 0;
    return true;
  }

  constexpr client_event what_next(const answer& heard, outcome on) noexcept {
    if (phase_ == phase::data && on == outcome::intermediate) {
      message_.begin_data();
      return send_message{heard.reply};
    }
    if (speaks(extension::auth) && phase_ == phase::auth && on == outcome::intermediate) {
      const auto octets = base64_text::parse(heard.reply.text());
      // One line of base64 (RFC 4954 8). What is none is told as the plain reply that it is: the caller cancels.
      if (octets && heard.reply.line_count() == 1) return challenge{*octets};
    }
    return heard;
  }

  // 421 answers whatever is outstanding, or nothing: the channel closes (RFC 5321 4.2.3).
  constexpr client_event hear_closing(const reply& said) noexcept {
    const act what = sent_.empty() ? act::other : sent_.front();
    const std::uint32_t answered = speaks(extension::prdr) && each_recipient_ != 0 ? accepted_ + 1 - each_recipient_ : delivered_;
    const std::uint32_t index = what == act::rcpt ? asked_ : answered;
    close(std::nullopt);
    return answer{what, said, index};
  }

  constexpr void succeed(act what, const reply& said) noexcept {
    if (conversation::hellos.has(what)) {
      forget_introduction();
      extended_ = what != act::helo;
      if (extended_) offered_ = capabilities::learn(said, options_.leniency);
    }
    if (what == act::rcpt) ++accepted_;
    if (what == act::auth || what == act::auth_response) authenticated_ = true;
    if (what == act::xclient) {
      forget_introduction();
      authenticated_ = false;
    }
  }

  constexpr void forget_introduction() noexcept {
    extended_ = false;
    offered_ = {};
  }

  // The one way from phase to phase, and the one place where a transaction is forgotten.
  constexpr void move(sansmtp::phase to) noexcept {
    if (!transaction.has(to)) {
      accepted_ = delivered_ = each_recipient_ = 0;
      message_.end_data();
    }
    phase_ = to;
  }

  constexpr client_step before_handshake(std::string_view unread) noexcept {
    if (unread.empty()) return {0, start_tls{}};
    // A reply put in before TLS would be read as if TLS had carried it (RFC 3207 6).
    return {unread.size(), close(fault{errc::tls_residue, 0})};
  }

  constexpr closed close(std::optional<fault> why) noexcept {
    why_closed_ = why;
    sent_ = {};
    move(phase::closed);
    return {why};
  }

  client_options options_;
  sansmtp::phase phase_;
  bool tls_ = false;
  bool authenticated_ = false;
  bool extended_ = false;
  bool binary_ = false;   // the last MAIL asked for BODY=BINARYMIME
  bool smtputf8_ = false; // and for SMTPUTF8 (RFC 6531 3.4)
  bool transid_ = false;  // and for CHECKPOINT: 355 may answer it (RFC 1845 4.2)
  bool prdr_ = false;     // and for 353 with a reply for each recipient
  bool cancelled_ = false;  // the exchange that was begun last
  extension missing_{};
  std::uint32_t mails_ = 0;      // MAIL commands sent in the session
  std::uint32_t rcpts_ = 0;      // RCPT commands sent in the newest transaction
  std::uint32_t asked_ = 0;      // replies to RCPT since that to MAIL
  std::uint32_t accepted_ = 0;   // those that were 2yz
  std::uint32_t delivered_ = 0;  // LMTP replies to the message so far
  std::uint32_t each_recipient_ = 0;  // replies still to come behind a 353
  std::optional<fault> why_closed_{};
  message_writer message_;
  reply_reader reader_{};
  pipeline sent_{};
  capabilities offered_{};
};

static_assert(sizeof(client) <= 512);

}  // namespace sansmtp

#endif
