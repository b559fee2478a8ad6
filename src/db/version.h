/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last migration in schema/manifest; tests/tidy compares. */
#ifndef FARTHING_DB_VERSION_H
#define FARTHING_DB_VERSION_H

#define DB_SCHEMA_VERSION 8

#endif
