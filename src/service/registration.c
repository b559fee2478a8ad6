/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks what a new user says of themselves, and keeps their secrets as hashes (U1). */
#include "service/registration.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "core/secret.h"
#include "service/check.h"

#define ANSWER_MAX 200

static const char *const payment_methods[] = {"bank_transfer", "check", "money_order",
                                              "purchase_order"};
static const char *const questions[] = {"mothers_maiden_name", "first_pet", "siblings"};

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(text, list[i]) == 0)
            return true;
    }
    return false;
}
#define IS_ONE_OF(text, list) is_one_of(text, list, sizeof(list) / sizeof(list)[0])

static enum ft_error check_lengths(const struct config *config, struct call *call,
                                   const struct account_application *application)
{
    const struct check_text texts[] = {
        {.parameter = "login_name", .text = application->login_name, .min = 3, .max = 64},
        {.parameter = "password",
         .text = application->password,
         .min = config->security.password_min_length,
         .max = 128,
         .secret = true},
        {.parameter = "full_name", .text = application->full_name, .min = 1, .max = 200},
        {.parameter = "email", .text = application->email, .min = 3, .max = 254},
        {.parameter = "address", .text = application->address, .max = 500},
        {.parameter = "answer",
         .text = application->answer.answer,
         .min = application->answer.question != NULL ? 1 : 0,
         .max = ANSWER_MAX,
         .secret = true},
    };
    return check_texts(call, texts, sizeof texts / sizeof texts[0]);
}

static enum ft_error check_application(const struct config *config, struct call *call,
                                       const struct account_application *application)
{
    static const char name_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789._-@";
    enum ft_error error = check_lengths(config, call, application);
    if (error != FT_OK)
        return error;
    const char *login_name = application->login_name;
    if (login_name[strspn(login_name, name_characters)] != '\0')
        return call_invalid(call, "login_name", "letters, digits and . _ - @ only", login_name);
    const char *at = strchr(application->email, '@');
    if (at == NULL || at == application->email || at[1] == '\0' ||
        strpbrk(application->email, " \t\r\n") != NULL)
        return call_invalid(call, "email", "an e-mail address", application->email);
    const char *language = application->language;
    if (language == NULL || strlen(language) != 2 ||
        strspn(language, "abcdefghijklmnopqrstuvwxyz") != 2)
        return call_invalid(call, "language", "a language's code of two letters", language);
    if (!IS_ONE_OF(application->payment_method, payment_methods))
        return call_invalid(call, "payment_method", "one of those offered",
                            application->payment_method);
    if (application->answer.question != NULL && !IS_ONE_OF(application->answer.question, questions))
        return call_invalid(call, "question", "one of those offered", application->answer.question);
    if (application->currency == NULL || money_currency_digits(application->currency) < 0)
        return FT_CURRENCY_UNKNOWN;
    return FT_OK;
}

/* In lower case, so that "Rex" is as good as "rex". text has passed its check. */
static bool lower(const char *text, char *lower_r, size_t size)
{
    wchar_t wide[ANSWER_MAX + 1];
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (utf8 == (locale_t)0)
        return false;
    locale_t before = uselocale(utf8);
    size_t characters = mbstowcs(wide, text, ANSWER_MAX + 1);
    bool good = characters <= ANSWER_MAX; /* also false for the error (size_t)-1 */
    for (size_t i = 0; good && i < characters; i++)
        wide[i] = (wchar_t)towlower((wint_t)wide[i]);
    size_t bytes = good ? wcstombs(lower_r, wide, size) : size;
    uselocale(before);
    freelocale(utf8);
    secret_wipe(wide, sizeof wide);
    return bytes < size;
}

static bool hash_answer(const char *answer, char hash_r[SECRET_HASH_TEXT_SIZE])
{
    char text[ANSWER_MAX * MB_LEN_MAX + 1];
    bool good = lower(answer, text, sizeof text) && secret_password_hash(text, hash_r);
    secret_wipe(text, sizeof text);
    return good;
}

enum ft_error service_registration_submit(const struct config *config, struct db *db,
                                          struct call *call,
                                          const struct account_application *application,
                                          int64_t *user_id_r)
{
    char password_hash[SECRET_HASH_TEXT_SIZE], answer_hash[SECRET_HASH_TEXT_SIZE];
    enum ft_error error = check_application(config, call, application);
    if (error != FT_OK)
        return error;
    bool identified = application->answer.question != NULL;
    if (!secret_password_hash(application->password, password_hash) ||
        (identified && !hash_answer(application->answer.answer, answer_hash)))
        return FT_INTERNAL;

    const struct account_identifier identifier = {.question = application->answer.question,
                                                  .answer_hash = answer_hash};
    const char *via = application->via_transaction_id;
    /* One unit of the provider's currency is not one of every other. */
    const bool earns_bonus = strcmp(application->currency, config->provider.currency) == 0;
    const struct account_registration registration = {
        .login_name = application->login_name,
        .password_hash = password_hash,
        .full_name = application->full_name,
        .email = application->email,
        .address = check_optional(application->address),
        .language = application->language,
        .currency = application->currency,
        .payment_method = application->payment_method,
        .via_transaction_id = check_is_uuid(via) ? via : NULL,
        .sign_up_bonus = earns_bonus ? config->provider.sign_up_bonus : 0,
        .identifiers = &identifier,
        .identifiers_count = identified ? 1 : 0,
    };
    return db_account_register(db, call, &registration, user_id_r);
}
