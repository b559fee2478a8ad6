# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests and the benchmark stand on: servers they own, and the people who use them."""
