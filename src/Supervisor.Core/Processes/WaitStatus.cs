using System.Globalization;

namespace Supervisor.Core.Processes;

/// <summary>The raw status of waitpid(2), read as Python Supervisor reads it (PSM-013, PSM-014).</summary>
/// <param name="ExitCode">0..255 after an exit, -1 after death by signal.</param>
/// <param name="Text">Text for log lines.</param>
public readonly record struct WaitStatus(int ExitCode, string Text)
{
    public static WaitStatus Decode(int raw)
    {
        var signal = raw & 0x7f;
        if (signal == 0)
        {
            var code = (raw >> 8) & 0xff;
            return new WaitStatus(code, string.Create(CultureInfo.InvariantCulture, $"exit status {code}"));
        }

        if (signal != 0x7f)
        {
            var core = (raw & 0x80) != 0 ? " (core dumped)" : "";
            return new WaitStatus(-1, $"terminated by {SignalNames.LogName(signal)}{core}");
        }

        return new WaitStatus(-1, string.Create(CultureInfo.InvariantCulture, $"unknown termination cause 0x{raw:x4}"));
    }
}
