/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * farthingd: reads the configuration, starts the layers from the bottom up, waits for a signal,
 * stops them from the top down.
 */
#include <curl/curl.h>
#include <getopt.h>
#include <libxml/parser.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/log.h"
#include "core/secret.h"
#include "db/db.h"
#include "farthingd/endpoints.h"
#include "web/web.h"

#define CONFIG_DEFAULT "/etc/farthing/farthing.conf"

/* For jemalloc: threads of its own give back what was freed soon, also while nobody calls it. */
const char *malloc_conf = "background_thread:true,dirty_decay_ms:2000";

struct options {
    const char *config_path;
    const char *data_directory;
    bool check; /* the configuration, and no more */
};

/* In the order of starting. */
struct server {
    struct config *config;
    struct db *db;
    struct service *service;
    struct web *web;
    struct endpoints endpoints;
    struct http_route *routes;
    struct http_server *http;
    /* The port for WS-Security, unless there is none: */
    struct config wss_config; /* with that port and its threads */
    struct endpoints wss_endpoints;
    struct http_route wss_route;
    struct http_server *wss_http;
};

static const char usage[] = "Usage: farthingd [-c FILE] [-d DIRECTORY] [--check]\n"
                            "The server of Farthing, a micropayment service.\n"
                            "\n"
                            "  -c, --config FILE     configuration, by default " CONFIG_DEFAULT "\n"
                            "  -d, --data DIRECTORY  WSDL and pages, by default " PKGDATADIR "\n"
                            "      --check           check configuration and keys, then exit\n"
                            "      --version         print the version, then exit\n"
                            "      --help            print this, then exit\n";

/* Exits for --version, --help and what is no option. */
static struct options read_options(int argc, char **argv)
{
    enum { CHECK = CHAR_MAX + 1, VERSION, HELP };
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'}, {"data", required_argument, NULL, 'd'},
        {"check", no_argument, NULL, CHECK},      {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},        {NULL, 0, NULL, 0},
    };
    struct options options = {.config_path = CONFIG_DEFAULT, .data_directory = PKGDATADIR};
    int option;
    while ((option = getopt_long(argc, argv, "c:d:", known, NULL)) != -1) {
        switch (option) {
        case 'c':
            options.config_path = optarg;
            break;
        case 'd':
            options.data_directory = optarg;
            break;
        case CHECK:
            options.check = true;
            break;
        case VERSION:
            puts("farthingd " PACKAGE_VERSION);
            exit(EXIT_SUCCESS);
        case HELP:
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        default:
            fputs(usage, stderr);
            exit(EXIT_FAILURE);
        }
    }
    if (optind < argc) {
        fputs(usage, stderr);
        exit(EXIT_FAILURE);
    }
    return options;
}

/* Memory holds keys and passwords: it must not land in a file. */
static bool forbid_core_dumps(void)
{
    const struct rlimit none = {0, 0};
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks attaches to the process */
    if (prctl(PR_SET_DUMPABLE, 0) != 0)
        return false;
#endif
    return setrlimit(RLIMIT_CORE, &none) == 0;
}

/* Before any thread starts, so that all inherit it: only await_signal sees these. */
static sigset_t block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

static void set_log_level(const char *name)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug",
        [LOG_INFO] = "info",
        [LOG_WARNING] = "warning",
        [LOG_ERROR] = "error",
    };
    for (size_t level = 0; level < sizeof names / sizeof names[0]; level++) {
        if (strcmp(name, names[level]) == 0)
            log_set_level((enum log_level)level);
    }
}

/* Only for --check; a server that starts reads the key itself. */
static bool check_master_key(const struct config *config)
{
    struct secret_key key;
    const char *problem = NULL;
    bool good = secret_key_read(config->keys.master_key_file, &key, &problem);
    secret_wipe(&key, sizeof key);
    if (!good)
        fprintf(stderr, "%s: %s\n", config->keys.master_key_file, problem);
    return good;
}

/* Likewise. */
static bool check_tls(const struct config *config)
{
    const char *file = NULL, *problem = NULL;
    bool good = http_check_files(config, &file, &problem);
    if (!good)
        fprintf(stderr, "%s: %s\n", file, problem);
    return good;
}

static bool has_wss(const struct config *config)
{
    return config->wss.certificate_file[0] != '\0';
}

/* Likewise. */
static bool check_wss(const struct config *config)
{
    const char *file = NULL, *problem = NULL;
    if (!has_wss(config))
        return true;
    struct soap_security *security = soap_security_start(config, &file, &problem);
    if (security == NULL)
        fprintf(stderr, "%s: %s\n", file, problem);
    soap_security_stop(security);
    return security != NULL;
}

static bool load_wsdl(struct endpoints *endpoints, const char *public_url,
                      const char *data_directory)
{
    char *path = NULL;
    if (asprintf(&path, "%s/wsdl/vendor-1.wsdl", data_directory) < 0)
        return false;
    bool good = soap_wsdl_load(path, public_url, &endpoints->wsdl);
    free(path);
    return good;
}

static bool start_web(struct server *server, const char *data_directory)
{
    char *path = NULL;
    if (asprintf(&path, "%s/web", data_directory) < 0)
        return false;
    server->web = web_start(server->config, server->service, path);
    free(path);
    return server->web != NULL;
}

static bool start_http(struct server *server)
{
    size_t pages = 0;
    const struct http_route *web = web_routes(server->web, &pages);
    server->routes = calloc(pages + ENDPOINTS_ROUTES, sizeof *server->routes);
    if (server->routes == NULL)
        return false;
    memcpy(server->routes, web, pages * sizeof *web);
    endpoints_routes(&server->endpoints, server->routes + pages);
    server->http = http_server_start(server->config, server->routes, pages + ENDPOINTS_ROUTES);
    return server->http != NULL;
}

/* A server of its own, so that messages that cost much keep no other waiting. */
static bool start_wss(struct server *server, const char *data_directory)
{
    const char *file = NULL, *problem = NULL;
    struct endpoints *endpoints = &server->wss_endpoints;
    if (!has_wss(server->config))
        return true;
    *endpoints = (struct endpoints){.config = server->config, .service = server->service};
    endpoints->security = soap_security_start(server->config, &file, &problem);
    if (endpoints->security == NULL) {
        log_event(LOG_ERROR, "WS-Security not started", "file", LOG_TEXT(file), "cause",
                  LOG_TEXT(problem), NULL);
        return false;
    }
    server->wss_config = *server->config;
    server->wss_config.http.port = server->config->wss.port;
    server->wss_config.http.socket_file = "";
    server->wss_config.http.connections = server->config->wss.connections;
    server->wss_config.workers.threads = server->config->wss.threads;
    endpoints_vendor_route(endpoints, &server->wss_route);
    if (!load_wsdl(endpoints, server->config->wss.public_url, data_directory))
        return false;
    server->wss_http = http_server_start(&server->wss_config, &server->wss_route, 1);
    return server->wss_http != NULL;
}

/* False: refused; the reason was logged. */
static bool start(struct server *server, const struct options *options)
{
    server->db = db_open(server->config);
    if (server->db == NULL)
        return false;
    server->service = service_start(server->config, server->db);
    if (server->service == NULL)
        return false;
    server->endpoints.config = server->config;
    server->endpoints.service = server->service;
    return start_web(server, options->data_directory) &&
           load_wsdl(&server->endpoints, server->config->public_url, options->data_directory) &&
           start_wss(server, options->data_directory) && start_http(server);
}

static void stop(struct server *server)
{
    http_server_stop(server->http);
    http_server_stop(server->wss_http);
    soap_wsdl_free(&server->wss_endpoints.wsdl);
    soap_security_stop(server->wss_endpoints.security);
    free(server->routes);
    soap_wsdl_free(&server->endpoints.wsdl);
    if (server->web != NULL)
        web_stop(server->web);
    service_stop(server->service);
    if (server->db != NULL)
        db_close(server->db);
    config_free(server->config);
}

static int await_signal(const sigset_t *signals)
{
    int signal_number = 0;
    while (sigwait(signals, &signal_number) != 0)
        continue;
    return signal_number;
}

int main(int argc, char **argv)
{
    struct server server = {0};
    struct options options = read_options(argc, argv);
    sigset_t signals = block_signals();
    if (!forbid_core_dumps()) {
        perror("farthingd: core dumps cannot be forbidden");
        return EXIT_FAILURE;
    }
    server.config = config_read(options.config_path);
    if (server.config == NULL)
        return EXIT_FAILURE;
    set_log_level(server.config->log_level);
    if (options.check) {
        bool good =
            check_master_key(server.config) && check_tls(server.config) && check_wss(server.config);
        config_free(server.config);
        return good ? EXIT_SUCCESS : EXIT_FAILURE;
    }

    if (!log_start(server.config->log_delay_ms))
        log_event(LOG_WARNING, "log lines do not wait", NULL);
    xmlInitParser();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    bool started = start(&server, &options);
    if (started) {
        log_event(LOG_INFO, "ready", "port", LOG_INT(http_server_port(server.http)), NULL);
        int signal_number;
        while ((signal_number = await_signal(&signals)) == SIGHUP)
            if (http_server_reload(server.http) &&
                (server.wss_http == NULL || http_server_reload(server.wss_http)))
                log_event(LOG_INFO, "reloaded", NULL);
        log_event(LOG_INFO, "stopping", "signal", LOG_TEXT(sigabbrev_np(signal_number)), NULL);
    }
    stop(&server);
    curl_global_cleanup();
    xmlCleanupParser();
    log_stop();
    return started ? EXIT_SUCCESS : EXIT_FAILURE;
}
