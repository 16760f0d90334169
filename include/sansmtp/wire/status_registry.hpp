// The registry of enhanced status codes: what X.1.1 and its eighty fellows say (RFC 3463, RFC 5248).
//
// One table holds each registered pair of subject and detail with its sense in our words, the reply
// codes it goes with, and its RFC. Each pair has a name in namespace status, which a class makes a
// code: status::mailbox_full.transient() is 4.2.2. A code that is not in the table still means what
// its known front means: an unknown detail reads as X.s.0, an unknown subject as X.0.0 (RFC 3463 2).

#ifndef SANSMTP_WIRE_STATUS_REGISTRY_HPP
#define SANSMTP_WIRE_STATUS_REGISTRY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

// A subject and a detail: an enhanced status code but for its class.
struct status_condition {
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;

  constexpr enhanced_status success() const noexcept { return {2, subject, detail}; }
  constexpr enhanced_status transient() const noexcept { return {4, subject, detail}; }
  constexpr enhanced_status permanent() const noexcept { return {5, subject, detail}; }

  // With the class of the reply that is to carry it; {} for a 3yz, which carries none (RFC 2034 4).
  constexpr enhanced_status with(reply_code code) const noexcept {
    const enhanced_status whole{static_cast<std::uint16_t>(code.value / 100), subject, detail};
    return whole.valid() ? whole : enhanced_status{};
  }

  friend constexpr bool operator==(status_condition, status_condition) noexcept = default;
};

constexpr status_condition condition_of(enhanced_status s) noexcept { return {s.subject, s.detail}; }

namespace status {

inline constexpr status_condition undefined{0, 0};

inline constexpr status_condition address{1, 0};
inline constexpr status_condition bad_destination_mailbox{1, 1};
inline constexpr status_condition bad_destination_system{1, 2};
inline constexpr status_condition bad_destination_syntax{1, 3};
inline constexpr status_condition destination_ambiguous{1, 4};
inline constexpr status_condition destination_valid{1, 5};
inline constexpr status_condition destination_moved{1, 6};
inline constexpr status_condition bad_sender_syntax{1, 7};
inline constexpr status_condition bad_sender_system{1, 8};
inline constexpr status_condition relayed_untracked{1, 9};
inline constexpr status_condition recipient_null_mx{1, 10};

inline constexpr status_condition mailbox{2, 0};
inline constexpr status_condition mailbox_disabled{2, 1};
inline constexpr status_condition mailbox_full{2, 2};
inline constexpr status_condition message_too_long_for_mailbox{2, 3};
inline constexpr status_condition list_expansion{2, 4};

inline constexpr status_condition mail_system{3, 0};
inline constexpr status_condition mail_system_full{3, 1};
inline constexpr status_condition not_accepting_messages{3, 2};
inline constexpr status_condition features_not_supported{3, 3};
inline constexpr status_condition message_too_big{3, 4};
inline constexpr status_condition system_misconfigured{3, 5};
inline constexpr status_condition priority_changed{3, 6};

inline constexpr status_condition network{4, 0};
inline constexpr status_condition no_answer{4, 1};
inline constexpr status_condition bad_connection{4, 2};
inline constexpr status_condition directory_failure{4, 3};
inline constexpr status_condition unable_to_route{4, 4};
inline constexpr status_condition congestion{4, 5};
inline constexpr status_condition routing_loop{4, 6};
inline constexpr status_condition delivery_time_expired{4, 7};

inline constexpr status_condition protocol{5, 0};
inline constexpr status_condition invalid_command{5, 1};
inline constexpr status_condition syntax_error{5, 2};
inline constexpr status_condition too_many_recipients{5, 3};
inline constexpr status_condition invalid_arguments{5, 4};
inline constexpr status_condition wrong_protocol_version{5, 5};
inline constexpr status_condition authentication_line_too_long{5, 6};

inline constexpr status_condition media{6, 0};
inline constexpr status_condition media_not_supported{6, 1};
inline constexpr status_condition conversion_prohibited{6, 2};
inline constexpr status_condition conversion_not_supported{6, 3};
inline constexpr status_condition conversion_with_loss{6, 4};
inline constexpr status_condition conversion_failed{6, 5};
inline constexpr status_condition content_not_available{6, 6};
inline constexpr status_condition non_ascii_address{6, 7};
inline constexpr status_condition utf8_reply_required{6, 8};
inline constexpr status_condition utf8_header_not_transferable{6, 9};
inline constexpr status_condition utf8_reply_required_deprecated{6, 10};

inline constexpr status_condition security{7, 0};
inline constexpr status_condition not_authorized{7, 1};
inline constexpr status_condition list_expansion_prohibited{7, 2};
inline constexpr status_condition security_conversion_not_possible{7, 3};
inline constexpr status_condition security_features_not_supported{7, 4};
inline constexpr status_condition cryptographic_failure{7, 5};
inline constexpr status_condition cryptographic_algorithm_not_supported{7, 6};
inline constexpr status_condition message_integrity_failure{7, 7};
inline constexpr status_condition credentials_invalid{7, 8};
inline constexpr status_condition mechanism_too_weak{7, 9};
inline constexpr status_condition encryption_needed{7, 10};
inline constexpr status_condition encryption_required_for_mechanism{7, 11};
inline constexpr status_condition password_transition_needed{7, 12};
inline constexpr status_condition account_disabled{7, 13};
inline constexpr status_condition trust_relationship_required{7, 14};  // of BURL; RFC 4468 still has X.7.8 for it
inline constexpr status_condition priority_too_low{7, 15};
inline constexpr status_condition too_big_for_priority{7, 16};
inline constexpr status_condition mailbox_owner_changed{7, 17};
inline constexpr status_condition domain_owner_changed{7, 18};
inline constexpr status_condition rrvs_not_testable{7, 19};
inline constexpr status_condition no_passing_dkim{7, 20};
inline constexpr status_condition no_acceptable_dkim{7, 21};
inline constexpr status_condition no_author_dkim{7, 22};
inline constexpr status_condition spf_failed{7, 23};
inline constexpr status_condition spf_error{7, 24};
inline constexpr status_condition reverse_dns_failed{7, 25};
inline constexpr status_condition several_checks_failed{7, 26};
inline constexpr status_condition sender_null_mx{7, 27};
inline constexpr status_condition mail_flood{7, 28};
inline constexpr status_condition arc_failed{7, 29};
inline constexpr status_condition requiretls_not_supported{7, 30};

}  // namespace status

// Which reply codes the registry lets a code stand with, beside those that it lists.
enum class basic_codes : std::uint8_t { none, every, any_refusal, any_permanent };

struct status_facts {
  status_condition what;
  std::string_view meaning;
  std::string_view rfc;                  // where it is defined; empty: in no RFC
  std::array<std::uint16_t, 15> listed;  // the registry's associated basic codes, 0 behind the last
  basic_codes others = basic_codes::none;

  // Whether the registry pairs it with that reply code. Where the registry says nothing, nothing is.
  constexpr bool goes_with(reply_code code) const noexcept {
    for (const std::uint16_t one : listed)
      if (one != 0 && one == code.value) return true;
    return others == basic_codes::every || (others == basic_codes::any_refusal && code.refuses()) ||
           (others == basic_codes::any_permanent && code.value / 100 == 5);
  }
};

inline constexpr status_facts status_table[] = {
    {status::undefined, "nothing is known but the class", "RFC 3463", {}, basic_codes::every},
    // 1: addressing
    {status::address, "something about an address", "RFC 3463", {}},
    {status::bad_destination_mailbox, "no such mailbox at that host", "RFC 3463", {451, 550}},
    {status::bad_destination_system, "no such host, or none that takes mail", "RFC 3463", {}},
    {status::bad_destination_syntax, "the recipient's address is malformed", "RFC 3463", {501}},
    {status::destination_ambiguous, "the address fits several mailboxes", "RFC 3463", {}},
    {status::destination_valid, "the recipient's address is good", "RFC 3463", {250}},
    {status::destination_moved, "the mailbox has moved, nobody says where", "RFC 3463", {}},
    {status::bad_sender_syntax, "the sender's address is malformed", "RFC 3463", {}},
    {status::bad_sender_system, "the sender's host does not exist or takes no replies", "RFC 3463", {451, 501}},
    {status::relayed_untracked, "passed on to a system that tells no more of it", "RFC 3886", {}},
    {status::recipient_null_mx, "the recipient's domain declares that it takes no mail", "RFC 7505", {556}},
    // 2: mailbox
    {status::mailbox, "something about the mailbox", "RFC 3463", {}},
    {status::mailbox_disabled, "the mailbox exists but takes no messages", "RFC 3463", {}},
    {status::mailbox_full, "the mailbox is full", "RFC 3463", {552}},
    {status::message_too_long_for_mailbox, "longer than this mailbox may take", "RFC 3463", {552}},
    {status::list_expansion, "the mailing list could not be expanded", "RFC 3463", {450, 452}},
    // 3: mail system
    {status::mail_system, "something about the receiving system", "RFC 3463", {221, 250, 421, 451, 550, 554}},
    {status::mail_system_full, "the system has no storage left", "RFC 3463", {452}},
    {status::not_accepting_messages, "the host takes no messages now, or ever", "RFC 3463", {453, 521}},
    {status::features_not_supported, "the system can not do what the message asks", "RFC 3463", {}},
    {status::message_too_big, "larger than the system takes", "RFC 3463", {552, 554}},
    {status::system_misconfigured, "the system's configuration does not let it take the message", "RFC 3463", {}},
    {status::priority_changed, "accepted, but with another priority, which begins the text", "RFC 6710", {250, 251}},
    // 4: network and routing
    {status::network, "something about the network or the route", "RFC 3463", {}},
    {status::no_answer, "the next host did not answer", "RFC 3463", {451}},
    {status::bad_connection, "the connection failed amid the transaction", "RFC 3463", {421}},
    {status::directory_failure, "a directory, such as DNS, was out of reach", "RFC 3463", {451, 550}},
    {status::unable_to_route, "no next hop can be found", "RFC 3463", {}},
    {status::congestion, "the system is congested", "RFC 3463", {451}},
    {status::routing_loop, "the message goes in circles", "RFC 3463", {}},
    {status::delivery_time_expired, "the message could not be delivered in time", "RFC 3463", {}},
    // 5: mail delivery protocol
    {status::protocol,
     "something about the protocol",
     "RFC 3463",
     {220, 250, 251, 252, 253, 451, 452, 454, 458, 459, 501, 502, 503, 554}},
    {status::invalid_command,
     "the command is out of sequence or not supported",
     "RFC 3463",
     {430, 500, 501, 503, 530, 550, 554, 555}},
    {status::syntax_error, "the command can not be understood", "RFC 3463", {500, 501, 502, 550, 555}},
    {status::too_many_recipients, "more recipients than fit one transaction", "RFC 3463", {451}},
    {status::invalid_arguments,
     "the command's arguments are out of range or unknown",
     "RFC 3463",
     {451, 501, 502, 503, 504, 550, 555}},
    {status::wrong_protocol_version, "the versions of the protocol do not match", "RFC 3463", {}},
    {status::authentication_line_too_long, "a line of the authentication exchange is too long", "RFC 4954", {500}},
    // 6: message content or media
    {status::media, "something about the content", "RFC 3463", {}},
    {status::media_not_supported, "the kind of content is not supported on the way", "RFC 3463", {}},
    {status::conversion_prohibited, "the content needs a conversion that is forbidden", "RFC 3463", {}},
    {status::conversion_not_supported, "the content needs a conversion that can not be done", "RFC 3463", {554}},
    {status::conversion_with_loss, "converted, and something was lost", "RFC 3463", {250}},
    {status::conversion_failed, "the conversion was tried and failed", "RFC 3463", {}},
    {status::content_not_available, "the content could not be fetched", "RFC 4468", {554}},
    {status::non_ascii_address, "an address that is not ASCII is not permitted here", "RFC 6531", {553, 550}},
    {status::utf8_reply_required,
     "the answer needs UTF-8, which the client did not ask for",
     "RFC 6531",
     {252, 553, 550}},
    // The registry has 550, the text that defines it answers with 554 (RFC 6531 3.5).
    {status::utf8_header_not_transferable,
     "the header needs UTF-8, which not every recipient can be sent",
     "RFC 6531",
     {554, 550}},
    {status::utf8_reply_required_deprecated,
     "the same as X.6.8, which is to be written instead",
     "RFC 6531",
     {252, 553, 550}},
    // 7: security or policy
    {status::security,
     "something about security, or about a policy that says no more",
     "RFC 3463",
     {220, 235, 450, 454, 500, 501, 503, 504, 530, 535, 550}},
    {status::not_authorized, "the sender may not send there", "RFC 3463", {451, 454, 502, 503, 533, 550, 551}},
    {status::list_expansion_prohibited, "the sender may not send to this list", "RFC 3463", {550}},
    {status::security_conversion_not_possible, "one secure format can not be made into the other", "RFC 3463", {}},
    {status::security_features_not_supported, "the message's security features are not supported", "RFC 3463", {504}},
    {status::cryptographic_failure, "keys or the like are missing or invalid", "RFC 3463", {}},
    {status::cryptographic_algorithm_not_supported, "the cryptographic algorithm is not supported", "RFC 3463", {}},
    {status::message_integrity_failure, "the message was altered or corrupted", "RFC 3463", {}},
    {status::credentials_invalid, "the credentials are wrong or do not suffice", "RFC 4954", {535, 554}},
    {status::mechanism_too_weak, "the mechanism is weaker than this user's policy allows", "RFC 4954", {534}},
    {status::encryption_needed, "encryption is needed first", "RFC 5248", {523}},
    {status::encryption_required_for_mechanism,
     "the mechanism may only be used under encryption",
     "RFC 4954",
     {524, 538}},
    {status::password_transition_needed,
     "the password must once be given in clear for this mechanism",
     "RFC 4954",
     {422, 432}},
    {status::account_disabled, "the account is disabled, though the credentials are right", "RFC 5248", {525}},
    {status::trust_relationship_required, "the server of the content does not trust this one", "RFC 5248", {535, 554}},
    {status::priority_too_low,
     "the priority is lower than what is taken now",
     "RFC 6710",
     {450, 550},
     basic_codes::any_refusal},
    {status::too_big_for_priority, "too big for its priority", "RFC 6710", {552}, basic_codes::any_refusal},
    {status::mailbox_owner_changed, "the mailbox has changed hands since", "RFC 7293", {}, basic_codes::any_permanent},
    {status::domain_owner_changed, "the domain has changed hands since", "RFC 7293", {}, basic_codes::any_permanent},
    {status::rrvs_not_testable,
     "whether the mailbox changed hands is not on record",
     "RFC 7293",
     {},
     basic_codes::any_permanent},
    {status::no_passing_dkim, "no DKIM signature passes", "RFC 7372", {550}},
    {status::no_acceptable_dkim, "DKIM signatures pass, but none that counts", "RFC 7372", {550}},
    {status::no_author_dkim, "DKIM signatures pass, but none of the author's", "RFC 7372", {550}},
    {status::spf_failed, "SPF says that this host may not send for the domain", "RFC 7372", {550}},
    {status::spf_error, "SPF could not be evaluated", "RFC 7372", {451, 550}},
    {status::reverse_dns_failed, "the client's address fails the check of its reverse DNS", "RFC 7372", {550}},
    {status::several_checks_failed, "more than one check of authenticity failed", "RFC 7372", {550}},
    {status::sender_null_mx, "the sender's domain declares that it takes no mail", "RFC 7505", {550}},
    {status::mail_flood, "part of a flood of messages", "", {}},
    {status::arc_failed, "the ARC chain does not validate", "RFC 8617", {550}},
    {status::requiretls_not_supported, "no next hop keeps the TLS that the message requires", "RFC 8689", {550}},
};

// Classes and subjects by number; an empty name where there is none.
struct status_part {
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array<status_part, 6> status_classes{{
    {},
    {},
    {"success", "done; the detail may tell how"},
    {},
    {"persistent transient failure", "not now, though the message is good; later it may succeed"},
    {"permanent failure", "not in this form, however often it is sent"},
}};

inline constexpr std::array<status_part, 8> status_subjects{{
    {"other or undefined", "nothing is said of what it is about"},
    {"addressing", "the sender's or the recipient's address"},
    {"mailbox", "the recipient's mailbox, in the hands of its owner"},
    {"mail system", "the receiving system, in the hands of those who run it"},
    {"network and routing", "the way to the receiving system"},
    {"mail delivery protocol", "the conversation itself"},
    {"message content or media", "what the message is made of"},
    {"security or policy", "what may pass, and under what protection"},
}};

// How many details each subject has registered; they are numbered from 0 without a gap.
inline constexpr std::array<std::uint8_t, 8> status_details{1, 11, 5, 7, 8, 7, 11, 31};

consteval bool status_table_is_complete() noexcept {
  std::size_t row = 0;
  for (std::uint16_t subject = 0; subject < status_details.size(); ++subject)
    for (std::uint16_t detail = 0; detail < status_details[subject]; ++detail, ++row)
      if (status_table[row].what != status_condition{subject, detail} || status_table[row].meaning.empty())
        return false;
  return row == sizeof status_table / sizeof *status_table;
}
static_assert(sizeof status_table / sizeof *status_table == 81 && status_table_is_complete(),
              "all rows of the registry, in its order");

// The condition as far as the registry knows it: itself, X.s.0 or X.0.0.
constexpr status_condition known_part(status_condition c) noexcept {
  if (c.subject >= status_details.size()) return {};
  return c.detail < status_details[c.subject] ? c : status_condition{c.subject, 0};
}

// The sense of a code, of its known part at the least.
constexpr const status_facts& describe(status_condition c) noexcept {
  const status_condition known = known_part(c);
  std::size_t row = known.detail;
  for (std::size_t subject = 0; subject < known.subject; ++subject) row += status_details[subject];
  return status_table[row];
}
constexpr const status_facts& describe(enhanced_status s) noexcept { return describe(condition_of(s)); }

constexpr const status_part& describe_class(enhanced_status s) noexcept {
  return status_classes[s.group < status_classes.size() ? s.group : 0];
}
constexpr const status_part& describe_subject(enhanced_status s) noexcept {
  return status_subjects[s.subject < status_subjects.size() ? s.subject : 0];
}

}  // namespace sansmtp

#endif
