// owed_reply: what a server still has to answer, how often, and whether it can only be by a refusal.
//
// Commands are answered one at a time, each by one reply, but for the end of a message: in LMTP every
// accepted recipient has a reply of its own (RFC 2033 4.2), and behind 353 every recipient, and then
// the message. A refusal may be owed as act::other; its answer then does not move the conversation.

#ifndef SANSMTP_SESSION_OWED_REPLY_HPP
#define SANSMTP_SESSION_OWED_REPLY_HPP

#include <cstdint>
#include <variant>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/session/default_reply.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/spoken.hpp"
#include "sansmtp/wire/verb.hpp"

namespace sansmtp {

class owed_reply {
 public:
  // Replies; 0: nothing is owed.
  constexpr std::uint32_t count() const noexcept { return count_; }

  // What the answer moves the conversation as, and what was asked.
  constexpr act to() const noexcept { return to_; }
  constexpr act asked() const noexcept { return refusing_ ? refused_ : to_; }

  constexpr bool refusing() const noexcept { return refusing_; }
  constexpr fault why() const noexcept { return why_; }
  constexpr bool closes() const noexcept { return closes_; }
  constexpr bool each_recipient() const noexcept { return each_recipient_; }

  // VRFY or EXPN asked for replies in UTF-8 (RFC 6531 3.7.4.2).
  constexpr bool utf8() const noexcept { return utf8_; }

  constexpr void owe(act what, std::uint32_t replies = 1) noexcept {
    to_ = what;
    count_ = replies;
  }
  constexpr void owe(const command& given, act what) noexcept {
    if (const auto* a = std::get_if<auth>(&given)) initial_response_ = a->initial_response.has_value();
    unknown_ = verb_of(given) == verb::unknown;
    owe(what);
    const auto* v = std::get_if<vrfy>(&given);
    const auto* e = std::get_if<expn>(&given);
    if (speaks(extension::smtputf8))
      utf8_ = (v != nullptr && (v->smtputf8 || v->utf8_reply)) || (e != nullptr && (e->smtputf8 || e->utf8_reply));
  }
  constexpr void owe_refusal(fault why, act what, std::uint32_t replies) noexcept {
    why_ = why;
    refused_ = what;
    refusing_ = true;
    owe(what, replies);
  }
  constexpr void owe_nothing() noexcept { count_ = 0; }

  // The connection ends with the answer.
  constexpr void close_then() noexcept { closes_ = true; }

  // 353 was given: each recipient's is owed, then the message's.
  constexpr void owe_each(std::uint32_t recipients) noexcept {
    each_recipient_ = true;
    count_ = recipients + 1;
  }

  // One was given; whether it was the last.
  constexpr bool give() noexcept {
    if (--count_ != 0) return false;
    refusing_ = each_recipient_ = utf8_ = false;
    return true;
  }

  // What the RFCs have a server say where it need not name itself. Credentials that nobody verified are refused.
  constexpr response by_default(bool lmtp) const noexcept {
    if (refusing_) return refusal_reply(why_.code, refused_, lmtp);
    if ((to_ == act::auth && initial_response_) || to_ == act::auth_response)
      return refusal_reply(errc::authentication_unverified, to_, lmtp);
    if (to_ == act::other) return refusal_reply(unknown_ ? errc::verb_unknown : errc::verb_not_implemented, to_, lmtp);
    return default_reply(to_);
  }

 private:
  act to_ = act::greeting;
  act refused_ = act::other;
  std::uint32_t count_ = 0;
  fault why_{};
  bool refusing_ = false;
  bool closes_ = false;
  bool each_recipient_ = false;
  bool initial_response_ = false;
  bool unknown_ = true;
  bool utf8_ = false;
};

}  // namespace sansmtp

#endif
