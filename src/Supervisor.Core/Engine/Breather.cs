namespace Supervisor.Core.Engine;

/// <summary>A break that the loop may take before it looks again, since output comes faster than it is worth looking for.</summary>
/// <param name="Nap">How long it may sleep; zero for no break at all.</param>
/// <param name="StepsAside">
/// Whether it does better to let others have the processor: the program that writes is one of them. Unlike a sleep this leaves no processor idle.
/// </param>
public readonly record struct Breather(TimeSpan Nap, bool StepsAside);
