"""Ground: settings, people, trail, clocks, messages. Every other room stands on this one."""
